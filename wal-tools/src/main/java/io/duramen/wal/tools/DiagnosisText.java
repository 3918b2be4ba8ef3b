package io.duramen.wal.tools;

import static io.duramen.wal.tools.MachineText.line;
import static io.duramen.wal.tools.MachineText.micros;

import io.duramen.wal.io.uring.RegistrationProbe;
import io.duramen.wal.log.IoDriver;
import io.duramen.wal.probe.Diagnosis;
import io.duramen.wal.probe.Findings;
import io.duramen.wal.probe.Latency;
import io.duramen.wal.probe.StorageFacts;
import io.duramen.wal.probe.Trial;
import io.duramen.wal.probe.Trials;
import java.nio.file.Path;
import java.util.List;

/// A diagnosis, as text or JSON.
record DiagnosisText(Diagnosis diagnosis) {
    String text() {
        Findings findings = diagnosis.findings();
        StringBuilder text = new StringBuilder(MachineText.text(findings.machine()));
        text.append(line("io_uring", findings.ring().obstacle().orElse("can be used")));
        if (findings.ring().isReady()) {
            text.append(line("pinned buffers", pinned(findings.registration())));
        }
        text.append(line("locked memory", "limit " + findings.registration().lockedMemoryLimit()))
                .append(line("base path", basePath(findings)));
        findings.storage().ifPresent(storage -> text.append(text(storage)));
        findings.trials().ifPresent(trials -> text.append(text(trials)));
        text.append(line("default mode", diagnosis.settings().ioMode()
                + ": past the page cache for large groups, and for synced ones that nobody in"
                + " the process reads along; through it for others"))
                .append(line("default driver", driver(findings)));
        text.append(System.lineSeparator()).append(verdict());
        return text.append(MachineText.text(diagnosis.warnings())).toString();
    }

    private static String pinned(RegistrationProbe registration) {
        return registration.refusal().orElse("the kernel keeps " + registration.sizeBytes()
                + " bytes pinned for a ring, as many as the default buffers have");
    }

    private static String basePath(Findings findings) {
        Path basePath = findings.basePath();
        return findings.storage().map(storage -> storage.fileSystem().directory())
                .filter(directory -> !directory.equals(basePath.toAbsolutePath().normalize()))
                .map(directory -> basePath + ", which is not there yet; looked at " + directory)
                .orElse(basePath.toString());
    }

    private static String text(StorageFacts storage) {
        return line("file system", MachineText.fileSystem(storage))
                + line("device", MachineText.device(storage))
                + line("free space", MachineText.space(storage.fileSystem()))
                + line("O_DIRECT", storage.fileSystem().directIo());
    }

    private static String text(Trials trials) {
        StringBuilder text = new StringBuilder();
        trials.files().forEach(trial -> text.append(line(trial.what(), outcome(trial))));
        trials.modes().forEach(
                trial -> text.append(line("mode " + trial.what(), outcome(trial))));
        Latency latency = trials.writeAndSync();
        return text.append(line("write and sync", "p50 " + micros(latency.p50Nanos()) + " us, p99 "
                + micros(latency.p99Nanos()) + " us, max " + micros(latency.maxNanos())
                + " us over " + latency.count() + " of 4 KiB")).toString();
    }

    private static String outcome(Trial trial) {
        return (trial.works() ? "works: " : "does not work: ")
                + FailureSentence.oneLine(trial.result());
    }

    private static String driver(Findings findings) {
        return IoDriver.POSIX + ": as quick for one group at a time; 'auto' would choose "
                + (findings.ring().isReady() ? IoDriver.IO_URING + " here"
                        : IoDriver.POSIX + " too");
    }

    private String verdict() {
        int count = diagnosis.warnings().size();
        return diagnosis.obstacle()
                .map(why -> "problem: no log can be written here: " + FailureSentence.oneLine(why)
                        + System.lineSeparator())
                .orElse("Logs can be written here" + switch (count) {
                    case 0 -> ", and there is nothing to be warned of.";
                    case 1 -> "; there is a warning.";
                    default -> "; there are " + count + " warnings.";
                } + System.lineSeparator());
    }

    String json() {
        Findings findings = diagnosis.findings();
        JsonObject object = new JsonObject().put("usable", diagnosis.isUsable());
        diagnosis.obstacle().ifPresent(why -> object.put("obstacle", why));
        object.putObjects("warnings", MachineText.json(diagnosis.warnings()));
        object.put("machine", MachineText.json(findings.machine()))
                .put("ioUring", ring(findings)).put("basePath", findings.basePath().toString());
        findings.storage().ifPresent(storage -> object.put("storage", MachineText.json(storage)));
        findings.trials().ifPresent(trials -> object
                .putObjects("files", trials(trials.files()))
                .putObjects("modes", trials(trials.modes()))
                .put("writeAndSyncNanos", MachineText.json(trials.writeAndSync())));
        return object.put("defaultMode", diagnosis.settings().ioMode().toString())
                .put("defaultDriver", IoDriver.POSIX.toString())
                .put("autoDriver", (findings.ring().isReady() ? IoDriver.IO_URING
                        : IoDriver.POSIX).toString())
                .toString();
    }

    private static JsonObject ring(Findings findings) {
        JsonObject object = new JsonObject().put("usable", findings.ring().isReady());
        findings.ring().obstacle().ifPresent(why -> object.put("obstacle", why));
        RegistrationProbe registration = findings.registration();
        object.put("lockedMemoryLimit", registration.lockedMemoryLimit())
                .put("pinnedBytesAskedFor", registration.sizeBytes());
        registration.refusal().ifPresent(why -> object.put("pinningRefusal", why));
        return object;
    }

    private static List<JsonObject> trials(List<Trial> trials) {
        return trials.stream().map(trial -> new JsonObject().put("what", trial.what())
                .put("works", trial.works()).put("result", trial.result())).toList();
    }
}
