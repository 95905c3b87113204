from django.contrib.auth.backends import ModelBackend

from lianshang.directory.models import Account


class AccountBackend(ModelBackend):
    """Django's own, but that an account comes with its park and its person: each request of staff needs them."""

    def get_user(self, user_id: int) -> Account | None:
        try:
            account = Account.objects.select_related("park", "person").get(pk=user_id)
        except Account.DoesNotExist:
            return None
        return account if self.user_can_authenticate(account) else None
