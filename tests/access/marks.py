"""What stands in sensitive columns of the world and nowhere else in it: by these words an answer tells which columns it shows."""

from lianshang.cases.tests import test_wecom as wecom
from lianshang.directory.models import Role
from tests.access.canaries import SECRETS
from tests.access.cases import FILE, NOTE, OPEN_WORDS
from tests.access.objects import ANONYMOUS, ARTICLE, DRAFT, ROBOT_KEY, SHEET, TASK, THEME_NOTE
from tests.access.world import PASSWORD_SALT, phone_of

KINDS = ("open", "sealed", "elsewhere")
NOBODY = "nobody"
WATCHED = (Role.LIAISON, "roads")  # whose own number is sought: of all people the one whom most pages name
WORDS: dict[str, dict[str, tuple[str, ...]]] = {
    "open": {
        **{f"cases.Case.{name}": (str(words),) for name, words in OPEN_WORDS.items() if name != "contact_email"},
        "cases.CaseEvent.note": (NOTE,),
        "cases.CaseFile.name": (FILE,),
    },
    "sealed": {
        "cases.Case.title": (SECRETS["title"],),
        "cases.Case.text": (SECRETS["text"],),
        "cases.Case.place": (SECRETS["place"],),
        "cases.CaseEvent.note": (SECRETS["handling note"],),
        "cases.CaseFile.name": (SECRETS["file name"],),
        "cases.Respondent.name": (SECRETS["respondent"],),
        "cases.Identity.details": tuple(SECRETS[f"contact {one}"] for one in ("name", "phone", "email")),
    },
    "elsewhere": {
        "cases.Draft.text": (DRAFT,),
        "cases.Theme.task": (TASK,),
        "cases.ThemeEvent.note": (THEME_NOTE,),
        "cases.Interest.name": (ANONYMOUS,),
        "cases.ExportJob.content": (SHEET,),
        "directory.Person.phone": (phone_of(*WATCHED),),
        "reports.Article.text": (ARTICLE,),
    },
    NOBODY: {
        "cases.Case.contact_email": (OPEN_WORDS["contact_email"],),
        "cases.WecomApp.token": (wecom.TOKEN,),
        "cases.WecomApp.aes_key": (wecom.AES_KEY,),
        "directory.Account.password": (PASSWORD_SALT,),
        "directory.SignIn.session_key": ("elsewhere-",),
        "notices.Robot.address": (ROBOT_KEY,),
    },
}
MASKED = {"cases.Case.contact_phone": "139****0417", "cases.Case.contact_name": "林**"}
MARKS = {
    (kind, column): tuple(one.encode() for one in words) for kind, of in WORDS.items() for column, words in of.items()
}
MASKS = {("open", column): words.encode() for column, words in MASKED.items()}
