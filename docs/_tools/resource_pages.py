"""Add a page for each resource, with the signature and docstring of every method.

The pages are written while the site is built: committed, they would be 47 files that say nothing
but the name of a class. The table of methods gets a link to each.
"""

import re
from pathlib import Path
from typing import Any

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page

_METHODS = "reference/methods.md"

_CLASS = re.compile(r"^class (\w+)\(Resource\):", re.MULTILINE)
_CODE = re.compile(r"<code>([^<]+)</code>")
_ROW = re.compile(r"^## `sdk\.(?P<resource>\w+)`|^\| `(?P<method>\w+)`", re.MULTILINE)

_PAGE = """# sdk.{resource}

See [all methods](../methods.md#sdk{resource}) with their routes.

::: sdk.resources.{resource}.{name}
    options:
      show_root_heading: false
      show_docstring_description: true
      show_bases: false
      merge_init_into_class: false
      docstring_section_style: list
      heading_level: 2
"""

_HINT = "\n\nThe name of a method leads to its arguments.\n\n##"


def on_config(config: MkDocsConfig) -> None:
    """Add the pages to the navigation, at the end of the reference."""
    for section in config.nav or ():
        if "Reference" in section:
            pages = [{f"sdk.{name}": _path(name)} for name in _classes(config)]
            section["Reference"].append({"Resources": pages})


def on_files(files: Files, config: MkDocsConfig) -> None:
    """Add the pages."""
    for resource, name in _classes(config).items():
        content = _PAGE.format(resource=resource, name=name)
        files.append(File.generated(config, _path(resource), content=content))


def on_page_markdown(markdown: str, *, page: Page, config: MkDocsConfig, **_: Any) -> str | None:
    """Link each method in the table to its place on the resource's page."""
    if page.file.src_uri != _METHODS:
        return None
    classes, resource = _classes(config), ""

    def linked(found: re.Match[str]) -> str:
        nonlocal resource
        if found["resource"]:
            resource = found["resource"]
            return found[0]
        place = f"sdk.resources.{resource}.{classes[resource]}.{found['method']}"
        return f"| [`{found['method']}`](resources/{resource}.md#{place})"

    return _ROW.sub(linked, markdown.replace("\n\n##", _HINT, 1))


def on_page_content(html: str, *, page: Page, **_: Any) -> str | None:
    """Allow line breaks between the parts of routes and names, for small screens."""
    if page.file.src_uri != _METHODS:
        return None
    return _CODE.sub(lambda found: f"<code>{_breakable(found[1])}</code>", html)


def _breakable(code: str) -> str:
    return code.replace("/", "<wbr>/").replace("_", "_<wbr>")


def _path(resource: str) -> str:
    return f"reference/resources/{resource}.md"


def _classes(config: MkDocsConfig) -> dict[str, str]:
    """Return the class of each resource."""
    folder = Path(config.config_file_path).parent / "sdk" / "resources"
    found = {
        path.stem: _CLASS.search(path.read_text()) for path in sorted(folder.glob("[a-z]*.py"))
    }
    return {resource: name[1] for resource, name in found.items() if name}
