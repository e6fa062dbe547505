"""A page is what a person reads: rather one too few than a download too many."""

import pytest
from liandao_node.traffic.events import Verdict
from liandao_node.traffic.pages import page_verdict


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/menu",
        "/menu/",
        "/index.html",
        "/INDEX.HTM",
        "/a.php?id=5",
        "/release-1.0",
        "/blog/tags/web",
        "/blog/geekery/logstash-1.0.0-release.html",
        "/search?q=rss",
        "/a?file=photo.jpg",
        "/feedback",
        "/a?type=feeder",
        "/a.html?utm_source=feedburner&utm_medium=feed&utm_campaign=x",
        "*",
        "",
    ],
)
def test_pages(path: str) -> None:
    assert page_verdict("GET", path, 200) is Verdict.COUNTED
    assert page_verdict("GET", path, 304) is Verdict.COUNTED


@pytest.mark.parametrize(
    "path",
    [
        "/favicon.ico",
        "/style.CSS",
        "/a/b.js?v=1",
        "/robots.txt",
        "/manual.pdf",
        "/data.json",
        "/tool.tar.gz",
        "/archive.mp3",
        "/.env",
        "/feed",
        "/blog/feed/",
        "/RSS",
        "/?flav=rss20",
        "/blog/tags/puppet?flav=rss20",
        "/?a=b&feed=atom&c=d",
    ],
)
def test_no_pages(path: str) -> None:
    assert page_verdict("GET", path, 200) is Verdict.NOT_A_PAGE


@pytest.mark.parametrize("method", ["HEAD", "POST", "get", "", "PROPFIND"])
def test_only_get_is_looking_at_a_page(method: str) -> None:
    assert page_verdict(method, "/", 200) is Verdict.NOT_GET


@pytest.mark.parametrize("status", [100, 201, 204, 206, 301, 302, 303, 403, 404, 500])
def test_only_what_was_served_was_seen(status: int) -> None:
    assert page_verdict("GET", "/", status) is Verdict.NOT_SERVED
