"""回避: nobody from inside the respondents of a complaint or report learns of it, whichever of their posts it comes by."""

from datetime import date

from lianshang.cases.models import Case, Draft
from lianshang.directory.models import Post, PostQuerySet


def outside(posts: PostQuerySet, case: Case | Draft, *, on: date) -> PostQuerySet:
    """Leave out those who are named in the case or draft, or hold any post that day in the line of a respondent unit."""
    if not case.sealed:
        return posts
    inside = Post.objects.in_force(on).filter(unit__in=case.accused_unit_ids)
    return posts.exclude(person__in=inside.values("person")).exclude(person__in=case.accused_person_ids)
