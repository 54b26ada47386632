"""``shopbell template preview``: a template as it would arrive at somebody; nothing is written."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, Any

import typer

from gateway.cli.consent.who import StoreName, find_store
from gateway.cli.loop import run_async
from gateway.cli.options import DEFAULT_CONFIG, Config, Json
from gateway.cli.output import print_json, print_line
from gateway.cli.template.reader import Reader, find_reader, made_up
from gateway.cli.template.reading import house_of, read_templates
from gateway.domain.errors import ContentError

if TYPE_CHECKING:
    from gateway.commerce.content import ShopContent
    from gateway.commerce.templates import Template
    from gateway.commerce.templates.lint import House
    from gateway.consent.wording import Judgement
    from gateway.settings import Settings, StoreSettings

_About = Annotated[str | None, typer.Option(metavar="ID", help="Default: the person's newest.")]


def preview(
    name: Annotated[str, typer.Argument(metavar="NAME", help="Of the template.")],
    store: StoreName = None,
    to: Annotated[str | None, typer.Option(metavar="NUMBER", help="The person's.")] = None,
    person: Annotated[
        str | None, typer.Option(metavar="CUSTOMER", help="What the store calls the person.")
    ] = None,
    order: _About = None,
    shipment: _About = None,
    cart: _About = None,
    product: _About = None,
    flow: Annotated[
        str | None, typer.Option(metavar="FLOW", help="That sends it, with a code or without.")
    ] = None,
    sample: Annotated[bool, typer.Option("--sample", help="For somebody made up.")] = False,
    config: Config = DEFAULT_CONFIG,
    json: Json = False,
) -> None:
    """Show a template as it would arrive, in each language, with its parts and what they cost.

    Links are shown as long as they would be; nothing is written, and no code is taken.
    """
    from gateway.commerce.deciding import Subject
    from gateway.settings import load

    settings = load(config)
    home = find_store(settings, store)
    content, faults = read_templates(home)
    library, house = content.library, house_of(home, content)
    chosen = library.find(name, None)  # it says which there are
    if sum((to is not None, person is not None, sample)) != 1:
        raise typer.BadParameter("say for whom: --to NUMBER, --person CUSTOMER or --sample")
    subject = Subject(order_id=order, shipment_id=shipment, cart_id=cart, product_id=product)
    reader = (
        made_up(home) if sample else run_async(find_reader(settings, home, to, person, subject))
    )
    if flow is not None and not _gives_code(content, flow, name):
        reader.values.update(coupon=None, coupon_expires_at=None)
    chosen = library.find(name, reader.language)
    for language in library.languages(name):
        template = library.find(name, language)
        _show(settings, home, house, template, reader, is_theirs=template is chosen, json=json)
    if any(fault.file and fault.file.name.startswith(f"{name}.") for fault in faults):
        raise faults[0]


def _gives_code(content: ShopContent, flow: str, name: str) -> bool:
    """Tell whether a flow, or a campaign, has a code for whom it sends a template.

    Raises:
        ContentError: it sends no such template.
    """
    sent = [
        pool
        for sender, template, _, pool in content.messages
        if sender.partition(".")[2] == flow and template == name
    ]
    if not sent:
        raise ContentError(f"no flow or campaign {flow!r} sends the template {name!r}")
    return any(pool is not None for pool in sent)


def _show(
    settings: Settings,
    home: StoreSettings,
    house: House,
    template: Template,
    reader: Reader,
    *,
    is_theirs: bool,
    json: bool,
) -> None:
    from gateway.commerce.templates import Library
    from gateway.commerce.templates.lint import purpose_of
    from gateway.consent.wording import Draft, judge, mention_for

    library = Library([template], language=home.language, country=home.country)
    text = library.write(
        template, reader.language, reader.values, zone=reader.zone, shorten=_links(settings)
    ).text
    draft = Draft(
        text=text, purpose=purpose_of(template, house), brand=house.brand, asks=house.asks
    )
    judged = judge(draft, mention_for(draft, house.country, house.mention))
    shown = _as_json(settings, template, reader, text, judged) | {"theirs": is_theirs}
    if json:
        print_json(shown)
    else:
        _print(shown, is_theirs=is_theirs and reader.number is not None)


def _links(settings: Settings) -> Any:
    """Return what stands for a link: as long as one would be, and nobody's."""
    base = settings.links.url

    def example(url: str, product_id: str | None) -> str:
        return url if base is None else base.link("x" * base.token_length)

    return example


def _as_json(
    settings: Settings, template: Template, reader: Reader, text: str, judged: Judgement
) -> dict[str, Any]:
    from gateway.commerce.templates.plain import costly_signs
    from gateway.sms import count_parts

    count = count_parts(text)
    costs = [price * count.parts for price in _prices(settings, reader.number)]
    return {
        "template": template.name,
        "language": template.language,
        "text": text,
        "parts": count.parts,
        "alphabet": count.alphabet.name.lower(),
        "units": count.units,
        "forcing": [
            {"sign": one.sign, "at": one.at, "name": one.name, "instead": one.instead}
            for one in costly_signs(text)
        ],
        "cost": None if not costs else {"least": str(min(costs)), "most": str(max(costs))},
        "currency": settings.gateway.currency,
        "findings": [finding.id for finding in judged.findings],
    }


def _prices(settings: Settings, number: str | None) -> list[Decimal]:
    """Return what a part costs on each line; where a line has a tariff at all."""
    from gateway.app.parts import line_plans

    tariffs = [plan.tariff for plan in line_plans(settings).values()]
    if not any(tariff.part or tariff.to for tariff in tariffs):
        return []
    return [tariff.price(number or "") for tariff in tariffs]


def _print(shown: dict[str, Any], *, is_theirs: bool) -> None:
    theirs = ", which this person gets" if is_theirs else ""
    print_line(f"--- {shown['template']}.{shown['language']}{theirs}")
    print_line(shown["text"])
    parts = f"{shown['parts']} part{'s' if shown['parts'] > 1 else ''}"
    print_line(f"--- {parts} in {shown['alphabet'].upper()}, {shown['units']} units{_cost(shown)}")
    for one in shown["forcing"]:
        right = "leave it out" if one["instead"] is None else f'write "{one["instead"]}"'
        print_line(
            f'--- "{one["sign"]}" ({one["name"]}) at character {one["at"] + 1} '
            f"makes it 16 bit; {right}"
        )
    for finding in shown["findings"]:
        print_line(f"--- {finding}: see `shopbell template lint`")


def _cost(shown: dict[str, Any]) -> str:
    cost = shown["cost"]
    if cost is None:
        return ""
    currency = f" {shown['currency']}" if shown["currency"] else ""
    if cost["least"] == cost["most"]:
        return f", costs {cost['most']}{currency}"
    return f", costs {cost['least']} to {cost['most']}{currency}"
