"""The room of what is handed over: claims, lifetimes, archives."""

from flask import Blueprint

blueprint = Blueprint("deliveries", __name__)
