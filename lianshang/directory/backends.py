from django.contrib.auth.backends import ModelBackend

from lianshang.directory.models import Account


class AccountBackend(ModelBackend):
    """Django's own, but that an account comes with its park: each request of staff needs both."""

    def get_user(self, user_id: int) -> Account | None:
        account = Account.objects.select_related("park").filter(pk=user_id).first()
        return account if account and self.user_can_authenticate(account) else None
