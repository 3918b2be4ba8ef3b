package io.duramen.wal.tools;

import io.duramen.wal.log.LogRepair;
import io.duramen.wal.log.RepairPlan;
import java.util.List;
import java.util.Locale;

/// What a repair does, as text or JSON.
record RepairText(RepairPlan plan) {
    /// A line for each range of lost entries, and for each file that changes.
    String lines() {
        StringBuilder text = new StringBuilder();
        plan.lost().forEach(lost -> line(text, "lost", range(lost.firstId(), lost.lastId())
                + ", " + lost.bytes() + " bytes, " + lost.file() + " offset " + lost.offset()));
        if (plan.lost().size() == RepairPlan.LOST_MAX) {
            line(text, "lost", "more, " + plan.lostEntries() + " entries in all");
        }
        plan.changes().forEach(change -> line(text, name(change.action()).replace('_', ' '),
                change.file() + ": " + change.why()));
        if (plan.readableLost() > 0) {
            line(text, "note", plan.readableLost() + " of the lost entries hold and are dropped"
                    + " because they follow damage; --drop-damaged keeps them");
        }
        return text.toString();
    }

    private static void line(StringBuilder text, String what, String rest) {
        text.append(what).append(": ").append(rest).append(System.lineSeparator());
    }

    private static String range(long firstId, long lastId) {
        return firstId == lastId ? "entry " + firstId : "entries " + firstId + " to " + lastId;
    }

    private static String name(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }

    String planned() {
        return plan.isNothingToDo() ? plan.logId() + ": nothing to repair"
                : plan.logId() + ": " + summary() + "; nothing was changed, --apply does it";
    }

    String applied(LogRepair.Outcome outcome) {
        String completed = outcome.completed() ? ", an interrupted repair was completed" : "";
        if (plan.isNothingToDo()) {
            return plan.logId() + ": nothing to repair" + completed;
        }
        return plan.logId() + ": repaired" + completed + ", " + summary()
                + "; the originals are in "
                + outcome.originals().orElseThrow();
    }

    private String summary() {
        return (plan.lostEntries() == 0 ? "nothing is lost"
                : plan.lostEntries() + (plan.lostEntries() == 1 ? " entry" : " entries")
                        + " and " + plan.lostBytes() + " bytes are lost")
                + ", the next entry gets id " + plan.nextId()
                + (plan.statusIsReset() ? ", the status page is reset" : "");
    }

    JsonObject json() {
        List<JsonObject> lost = plan.lost().stream()
                .map(it -> new JsonObject().put("firstId", it.firstId())
                        .put("lastId", it.lastId()).put("bytes", it.bytes())
                        .put("file", it.file().toString()).put("offset", it.offset()))
                .toList();
        List<JsonObject> changes = plan.changes().stream()
                .map(it -> new JsonObject().put("file", it.file().toString())
                        .put("action", name(it.action())).put("why", it.why()))
                .toList();
        return new JsonObject().put("log", plan.logId().value())
                .put("mode", name(plan.mode()).replace('_', '-'))
                .put("needed", !plan.isNothingToDo()).put("firstId", plan.firstId())
                .put("nextId", plan.nextId()).put("lostEntries", plan.lostEntries())
                .put("lostBytes", plan.lostBytes()).put("readableLost", plan.readableLost())
                .putObjects("lost", lost).putObjects("changes", changes)
                .put("statusIsReset", plan.statusIsReset());
    }
}
