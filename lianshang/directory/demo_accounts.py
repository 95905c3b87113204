"""The accounts of a demo park: one for each role, all with one password that is no secret."""

from dataclasses import dataclass

from django_scopes import scopes_disabled

from lianshang.directory.models import Account, Post, Role

PASSWORD = "lianshang-demo"  # noqa: S105 -- shown on purpose, opens invented data alone


@dataclass(frozen=True)
class DemoAccount:
    username: str
    person: str
    unit: str
    role: str


def demo_accounts() -> list[DemoAccount]:
    """Return the accounts of demo parks in the order of the roles; empty where there is no such park."""
    order = {role: place for place, role in enumerate(Role.values)}
    with scopes_disabled():
        posts = Post.objects.filter(
            person__account__in=Account.objects.filter(is_demo=True, park__is_demo=True), until=None
        ).select_related("person__account", "unit")
        return [
            DemoAccount(post.person.account.username, post.person.name, post.unit.name, post.get_role_display())
            for post in sorted(posts, key=lambda post: (order[post.role], post.pk))
        ]
