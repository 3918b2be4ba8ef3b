package io.duramen.wal.tools;

import io.duramen.wal.log.FragmentSurvey;
import io.duramen.wal.log.LogSurvey;
import io.duramen.wal.log.TailVerdict;
import java.util.List;
import java.util.Locale;

/// What a survey found, as text or JSON.
record SurveyText() {
    String list(List<LogSurvey> surveys) {
        TextTable table = new TextTable("log", ">entries", ">bytes", ">fragments", ">first id",
                ">next id", "state");
        for (LogSurvey log : surveys) {
            table.row(log.logId(), log.entries(), log.sizeBytes(), log.fragments().size(),
                    log.firstId(), log.nextId(), state(log));
        }
        return table.toString();
    }

    String one(LogSurvey log) {
        StringBuilder text = new StringBuilder();
        line(text, "log", log.logId() + " in " + log.directory());
        line(text, "state", state(log));
        line(text, "entries", log.entries() + missing(log));
        line(text, "first id", log.firstId());
        line(text, "next id", log.nextId());
        line(text, "durable id", log.durableId() < log.firstId() ? "none" : log.durableId());
        line(text, "bytes", log.usedBytes() + " used of " + log.sizeBytes());
        line(text, "mode", log.ioMode());
        line(text, "driver", log.ioDriver());
        line(text, "recovery", recovery(log));
        names(text, "standby files", log.standbys());
        names(text, "cut by recovery", log.torn());
        names(text, "foreign files", log.foreign());
        if (!log.fragments().isEmpty()) {
            text.append(System.lineSeparator()).append(fragments(log));
        }
        return text.toString();
    }

    private static String missing(LogSurvey log) {
        long missing = log.nextId() - log.firstId() - log.entries();
        return missing == 0 ? "" : " found, " + missing + " damaged or missing";
    }

    private static String fragments(LogSurvey log) {
        TextTable table = new TextTable("fragment", ">entries", ">first id", ">last id",
                ">bytes used", ">file size", "state");
        for (FragmentSurvey fragment : log.fragments()) {
            table.row(fragment.file().getFileName(), fragment.entries(), fragment.firstId(),
                    fragment.entries() == 0 ? "-" : fragment.lastId(), fragment.usedBytes(),
                    fragment.sizeBytes(), name(fragment.state()));
        }
        return table.toString();
    }

    private static void line(StringBuilder text, String name, Object value) {
        text.append("%-16s %s%n".formatted(name, value));
    }

    private static void names(StringBuilder text, String name, List<String> names) {
        if (!names.isEmpty()) {
            line(text, name, String.join(", ", names));
        }
    }

    private static String name(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }

    private static String state(LogSurvey log) {
        if (log.writerPid().isPresent()) {
            return "open for writing in process " + log.writerPid().getAsLong()
                    + (log.isDamaged() ? ", damaged" : "");
        }
        return log.isDamaged() ? "damaged" : "closed";
    }

    private static String recovery(LogSurvey log) {
        LogSurvey.Forecast next = log.recovery();
        if (log.isDamaged()) {
            return "a writer would be refused: " + next.why();
        }
        if (log.writerPid().isPresent()) {
            return "done by the writer";
        }
        String seal = next.reseal() == 0 ? ""
                : "the next writer seals " + next.reseal() + " fragments";
        String cut = next.verdict() != TailVerdict.CUT ? ""
                : "the next writer cuts a torn tail of " + next.cutBytes()
                        + " bytes, and keeps a copy";
        return seal.isEmpty() && cut.isEmpty() ? "nothing to do for the next writer"
                : seal + (seal.isEmpty() || cut.isEmpty() ? "" : ", ") + cut;
    }

    JsonObject json(LogSurvey log) {
        JsonObject object = new JsonObject().put("log", log.logId().value())
                .put("directory", log.directory().toString())
                .put("open", log.writerPid().isPresent()).put("damaged", log.isDamaged());
        log.writerPid().ifPresent(pid -> object.put("writerPid", pid));
        LogSurvey.Forecast next = log.recovery();
        return object.put("entries", log.entries()).put("firstId", log.firstId())
                .put("nextId", log.nextId()).put("durableId", log.durableId())
                .put("usedBytes", log.usedBytes()).put("sizeBytes", log.sizeBytes())
                .put("mode", log.ioMode()).put("driver", log.ioDriver())
                .put("recovery", new JsonObject().put("verdict", name(next.verdict()))
                        .put("cutBytes", next.cutBytes()).put("reseal", next.reseal())
                        .put("why", next.why()))
                .putObjects("fragments",
                        log.fragments().stream().map(SurveyText::fragmentJson).toList())
                .putTexts("standbys", log.standbys()).putTexts("torn", log.torn())
                .putTexts("foreign", log.foreign());
    }

    private static JsonObject fragmentJson(FragmentSurvey fragment) {
        return new JsonObject().put("file", fragment.file().getFileName().toString())
                .put("state", name(fragment.state())).put("entries", fragment.entries())
                .put("firstId", fragment.firstId()).put("lastId", fragment.lastId())
                .put("usedBytes", fragment.usedBytes()).put("sizeBytes", fragment.sizeBytes())
                .put("what", fragment.what());
    }
}
