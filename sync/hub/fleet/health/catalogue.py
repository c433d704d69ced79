"""All rules, in the order in which what they find is to be mended."""

from sync.hub.fleet.health.judgement import Rule
from sync.hub.fleet.health.rules import (
    board,
    button_share,
    clock,
    courier,
    damaged_journal,
    decoder,
    disk_free,
    frame_age,
    journal,
    key_expiry,
    lamp,
    last_seen,
    last_stick,
    lens,
    no_reads,
    oldest_unsent,
    radio,
    reboots,
    refusals,
    rtc_battery,
    rules_taken,
    slow_card,
    storage,
    temperature,
    under_voltage,
    version_drift,
)

RULES: tuple[Rule, ...] = (
    journal.RULE,
    storage.RULE,
    damaged_journal.RULE,
    board.RULE,
    courier.RULE,
    last_seen.RULE,
    under_voltage.RULE,
    lamp.RULE,
    frame_age.RULE,
    *lens.RULES,
    disk_free.RULE,
    slow_card.RULE,
    temperature.RULE,
    clock.RULE,
    rtc_battery.RULE,
    no_reads.RULE,
    refusals.RULE,
    oldest_unsent.RULE,
    radio.RULE,
    last_stick.RULE,
    rules_taken.RULE,
    reboots.RULE,
    button_share.RULE,
    decoder.RULE,
    version_drift.RULE,
)
HUB_RULES: tuple[Rule, ...] = (key_expiry.RULE,)

BY_NAME = {rule.name: rule for rule in (*HUB_RULES, *RULES)}
RANK = {name: place for place, name in enumerate(BY_NAME)}
