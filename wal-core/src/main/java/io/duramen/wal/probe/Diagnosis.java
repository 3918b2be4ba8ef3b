package io.duramen.wal.probe;

import io.duramen.wal.WalException;
import io.duramen.wal.io.posix.MountFacts;
import io.duramen.wal.log.LogSettings;
import io.duramen.wal.probe.Warning.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/// What findings mean for logs with these settings.
///
/// @param findings the facts
/// @param settings of the logs to be
/// @param warnings the gravest first
/// @param obstacle one sentence that says why no log can be written there; empty where one can
public record Diagnosis(Findings findings, LogSettings settings, List<Warning> warnings,
        Optional<String> obstacle) {
    /// Mount options with which a sync does not reach the device: of ext4, XFS and others, and of
    /// overlay, older and newer.
    private static final Set<String> SYNC_OFF =
            Set.of("nobarrier", "barrier=0", "volatile", "fsync=volatile");

    public static Diagnosis of(Findings findings, LogSettings settings) {
        List<Warning> warnings = new ArrayList<>();
        findings.storage().ifPresent(storage -> {
            warnings.addAll(ofStorage(storage));
            ofSpace(storage.fileSystem().usableBytes(), settings, warnings);
        });
        findings.trials().ifPresent(trials -> ofTrials(trials, warnings));
        findings.storage().ifPresent(storage -> findings.trials().flatMap(
                trials -> SyncHonesty.judge(trials.writeAndSync(), storage))
                .ifPresent(warnings::add));
        ofRing(findings, warnings);
        warnings.sort((a, b) -> a.kind().compareTo(b.kind()));
        return new Diagnosis(findings, settings, List.copyOf(warnings),
                findings.obstacle().or(() -> ofMode(findings, settings)));
    }

    /// What is to be warned of before anything is tried out there.
    public static List<Warning> ofStorage(StorageFacts storage) {
        List<Warning> warnings = new ArrayList<>();
        String type = storage.fileSystem().type();
        if (storage.isMemory()) {
            warnings.add(new Warning(Kind.MEMORY, "the file system (" + type + ") is in memory:"
                    + " nothing survives a power failure or a restart of the machine, whatever was"
                    + " acknowledged. Choose a base path on a disk for data that matters"));
        }
        if (storage.fileSystem().isNetwork()) {
            warnings.add(new Warning(Kind.NETWORK, "the file system (" + type + ") is shared over"
                    + " a network: that one writer keeps others out, and that synced bytes are on"
                    + " a device, is only as true as its server makes it. Use a local disk"));
        }
        List<String> off = storage.mount().map(MountFacts::options).orElse(List.of()).stream()
                .filter(SYNC_OFF::contains).toList();
        if (!off.isEmpty()) {
            warnings.add(new Warning(Kind.SYNC_OFF, "the file system is mounted with "
                    + String.join(", ", off) + ": a sync does not reach the device, so a power"
                    + " failure loses what was acknowledged. Mount it without"));
        }
        return warnings;
    }

    private static void ofSpace(OptionalLong usable, LogSettings settings,
            List<Warning> warnings) {
        long fragment = settings.fragmentSizeBytes();
        long free = usable.orElse(Long.MAX_VALUE);
        if (free < fragment) {
            warnings.add(new Warning(Kind.NO_ROOM, "a fragment takes " + fragment
                    + " bytes and " + free + " are free: a log with this setting cannot start,"
                    + " and one that is open refuses appends once its fragment is full. Make room,"
                    + " or choose smaller fragments"));
        } else if (free / 2 < fragment) {
            warnings.add(new Warning(Kind.NO_ROOM_FOR_STANDBY, "a fragment takes " + fragment
                    + " bytes and " + free + " are free, which is not enough for a second one: a"
                    + " log refuses appends once its first is full. Make room, or choose smaller"
                    + " fragments"));
        }
    }

    private static void ofTrials(Trials trials, List<Warning> warnings) {
        for (Trial trial : trials.files()) {
            if (!trial.works()) {
                warnings.add(switch (trial.what()) {
                    case FileTrials.ALLOCATION -> new Warning(Kind.ALLOCATION, "files do not get"
                            + " their blocks ahead (" + trial.result() + "): each new fragment is"
                            + " written with zeros first, and where blocks are copied on write a"
                            + " full disk can still fail a write, which ends appending. Keep room,"
                            + " or use ext4 or XFS");
                    case FileTrials.HOLES -> new Warning(Kind.HOLES, "unused blocks are not given"
                            + " back (" + trial.result() + "): each fragment takes its whole size"
                            + " on the disk. Choose smaller fragments where that matters");
                    case FileTrials.LOCKS -> new Warning(Kind.LOCKS, "locks do not keep a second"
                            + " writer out (" + trial.result() + "): two processes could damage a"
                            + " log. Use a local disk");
                    default -> throw new WalException.Defect(
                            new IllegalStateException("a trial without a meaning: " + trial));
                });
            }
        }
    }

    private static void ofRing(Findings findings, List<Warning> warnings) {
        findings.ring().obstacle().ifPresent(why -> warnings.add(new Warning(Kind.RING,
                why + ". Nothing is to be done unless io_uring is wanted")));
        findings.registration().refusal().ifPresent(why -> warnings.add(
                new Warning(Kind.REGISTRATION,
                        why + ". It matters with the driver io_uring only")));
    }

    private static Optional<String> ofMode(Findings findings, LogSettings settings) {
        String mode = settings.ioMode().toString();
        return findings.trials().stream().flatMap(trials -> trials.modes().stream())
                .filter(trial -> trial.what().equals(mode) && !trial.works())
                .map(Trial::result).findFirst();
    }

    /// Whether a log can be written there.
    public boolean isUsable() {
        return obstacle.isEmpty();
    }
}
