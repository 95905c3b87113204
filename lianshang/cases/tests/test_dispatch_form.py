"""The form of dispatch shows what was handed in, and whom to call, to whoever may know."""

from django.core.files.uploadedfile import SimpleUploadedFile

from lianshang.cases import services
from lianshang.cases.models import Case
from lianshang.cases.tests.desks import address, at_desk, few_queries, words
from lianshang.cases.tests.factories import HOUR, MONDAY, Town
from lianshang.cases.tests.test_public import photo
from lianshang.kernel import files


def handed_in(town: Town, **more: object) -> Case:
    uploads = (photo("路灯.jpg"), SimpleUploadedFile("说明.pdf", b"%PDF-1.7 one"))
    kept = tuple((files.store(town.park, upload, upload.name), upload.name) for upload in uploads)
    return town.whistle(files=kept, contact_name="赵敏", contact_phone="13800001111", **more)


def test_dispatch_form_shows_photos_small_other_files_by_name_and_whom_to_call(town: Town):
    case = handed_in(town)
    client = at_desk(town.dispatcher)

    page = client.get(address(case, "dispatch"))
    shown = client.get(f"/cases/{case.key}/files/1/")
    b"".join(shown.streaming_content)

    source = page.content.decode()
    photo_at, paper_at = (f"/cases/{case.key}/files/{position}/" for position in (1, 2))
    assert f'<a href="{photo_at}"><img src="{photo_at}" alt="路灯.jpg"' in source
    assert f'<a href="{paper_at}">' in source
    assert f'<img src="{paper_at}"' not in source
    assert 'href="tel:13800001111"' in source
    assert "联系人：赵敏" in words(page)
    assert shown["Content-Type"] == "image/jpeg"


def test_dispatch_form_of_an_unnamed_whistle_names_nobody(town: Town):
    page = at_desk(town.dispatcher).get(address(handed_in(town, anonymous=True), "dispatch"))

    assert "联系人：匿名" in words(page)
    assert "赵敏" not in words(page)
    assert "13800001111" not in page.content.decode()


def test_dispatch_form_without_files_has_no_list_of_them(town: Town):
    page = at_desk(town.dispatcher).get(address(town.whistle(), "dispatch"))

    assert 'class="photos"' not in page.content.decode()
    assert "联系人：" in words(page)


def test_dispatch_form_shows_what_was_added_since_and_how_many_photos(town: Town):
    case, client = handed_in(town), at_desk(town.dispatcher)
    more = files.store(town.park, photo("近照.jpg"), "近照.jpg")
    for number in range(1, 7):
        services.supplement(
            case, actor=town.holder(case), at=MONDAY + number * HOUR, note=f"第 {number} 盏也灭了。",
            files=((more, "近照.jpg"),) if number == 1 else (),
        )  # fmt: skip

    with few_queries():
        page = client.get(address(case, "dispatch"))

    told = words(page)
    assert told.index("第 1 盏也灭了。") < told.index("第 6 盏也灭了。")
    assert "补充说明" in told
    assert "照片 2 张" in told


def test_dispatch_form_shows_of_what_was_added_to_a_report_only_what_may_be_read(town: Town):
    case = town.whistle(nature="report")
    services.supplement(case, actor=town.holder(case), at=MONDAY + HOUR, note="请打我电话 13912345678。")

    told = words(at_desk(town.complaints).get(address(case, "dispatch")))

    assert "请打我电话" in told
    assert "13912345678" not in told
