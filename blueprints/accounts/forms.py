"""Forms of accounts."""

from flask_babel import lazy_gettext
from flask_wtf.file import FileField, FileRequired
from wtforms import FieldList, Form, FormField, PasswordField, SelectField, StringField
from wtforms.validators import DataRequired, EqualTo, InputRequired, Length, Optional

from blueprints.forms import ActForm, one_line, tidy

SHORTEST_PASSWORD = 10


class SignInForm(ActForm):
    """User name and password."""

    username = StringField(
        lazy_gettext("User name"), filters=[tidy], validators=[DataRequired(), Length(max=64)]
    )
    password = PasswordField(lazy_gettext("Password"), validators=[DataRequired(), Length(max=200)])


class NewPasswordForm(ActForm):
    """A new password, typed twice."""

    password = PasswordField(
        lazy_gettext("New password"),
        validators=[DataRequired(), Length(min=SHORTEST_PASSWORD, max=200)],
        description=lazy_gettext("At least 10 characters."),
    )
    repeated = PasswordField(
        lazy_gettext("New password again"),
        validators=[
            DataRequired(),
            EqualTo("password", lazy_gettext("The two passwords differ.")),
        ],
    )


class ChangePasswordForm(NewPasswordForm):
    """The present password and a new one."""

    present = PasswordField(lazy_gettext("Present password"), validators=[DataRequired()])


class RoleForm(Form):
    """A role and where it holds, as one line of a form."""

    role = SelectField(lazy_gettext("Role"), validators=[Optional()])
    scope = SelectField(lazy_gettext("Where"), validators=[Optional()])


class NewAccountForm(ActForm):
    """Everything of a new account on one page."""

    username = StringField(
        lazy_gettext("User name"),
        filters=[tidy],
        validators=[DataRequired(), Length(max=64)],
        description=lazy_gettext("3 to 64 letters or digits; the owner types it to sign in."),
    )
    title = StringField(
        lazy_gettext("Name to show"),
        filters=[one_line],
        validators=[DataRequired(), Length(max=60)],
    )
    email = StringField(lazy_gettext("E-mail"), filters=[tidy], validators=[Length(max=200)])
    phone = StringField(lazy_gettext("Phone"), filters=[tidy], validators=[Length(max=30)])
    employer = StringField(
        lazy_gettext("Acts for the employer"),
        filters=[one_line],
        validators=[Length(max=120)],
        description=lazy_gettext("Needed for the role employer; type the registered name."),
    )
    id_number = StringField(
        lazy_gettext("ID number of the contestant"),
        filters=[tidy],
        validators=[Length(max=30)],
        description=lazy_gettext("Binds the account to a registered person; leave empty else."),
    )
    roles = FieldList(FormField(RoleForm), min_entries=3, max_entries=3)

    def offer(self, roles: list[tuple[str, str]], scopes: list[tuple[str, str]]) -> None:
        """Fill the lists to choose from."""
        for line in self.roles:
            line.form.role.choices = roles
            line.form.scope.choices = scopes

    def chosen(self) -> list[tuple[str, str]]:
        """Return the lines in which a role is chosen."""
        lines = [(line.form.role.data or "", line.form.scope.data or "") for line in self.roles]
        return [line for line in lines if line[0]]


class GrantForm(ActForm):
    """One more role for an account."""

    role = SelectField(lazy_gettext("Role"), validators=[InputRequired()])
    scope = SelectField(lazy_gettext("Where"), validators=[InputRequired()])


class AccountsFileForm(ActForm):
    """A spreadsheet of accounts."""

    file = FileField(
        lazy_gettext("Spreadsheet"),
        validators=[FileRequired(lazy_gettext("Choose a file."))],
        description=lazy_gettext("An .xlsx or .csv file in the layout of the template."),
    )
