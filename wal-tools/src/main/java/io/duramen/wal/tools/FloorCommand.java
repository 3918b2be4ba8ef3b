package io.duramen.wal.tools;

import io.duramen.wal.log.DiskLog;
import io.duramen.wal.log.Floor;
import io.duramen.wal.log.FloorChange;
import io.duramen.wal.log.LogEnvironment;
import io.duramen.wal.log.LogId;
import io.duramen.wal.log.LogSettings;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/// `wal floor`: what holds back trimming, by hand.
@Command(
        name = "floor",
        description = {
            "Holds back trimming for a consumer: nothing from an entry on is dropped until the"
                    + " floor is raised, removed, or its time is over. 'wal info' lists floors.",
            "",
            "The log must not be open for writing.",
        },
        footer = {
            "  wal floor orders billing --at 100000",
            "  wal floor orders billing --at 100000 --for 30d",
            "  wal floor orders billing --remove",
        })
final class FloorCommand implements Callable<Integer> {
    @ParentCommand
    private WalCommand root;

    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "LOG", description = "The log's id.")
    private String logId;

    @Parameters(paramLabel = "CONSUMER",
            description = "Whose floor it is: 1 to 120 characters of A-Z a-z 0-9 . _ -")
    private String consumer;

    @ArgGroup(multiplicity = "1")
    private Change change;

    @Option(names = "--for", paramLabel = "TIME", converter = DurationConverter.class,
            description = "With --at: ends after 90s, 15m, 12h, 30d; else it has no end.")
    private Duration time;

    /// One of them.
    private static final class Change {
        @Option(names = "--at", paramLabel = "ID",
                description = "The first entry the consumer still needs.")
        private Long at;

        @Option(names = "--remove", description = "Ends the consumer's floor.")
        private boolean remove;
    }

    @Override
    public Integer call() {
        LogId id = LogId.of(logId);
        try (LogEnvironment environment = LogEnvironment.open(1, 1)) {
            FloorChange asked = asked(environment.clock());
            try (DiskLog log = root.openExisting(id, LogSettings.defaults(), environment)) {
                log.changeFloor(asked);
            }
            spec.commandLine().getOut().println(logId + ": " + toSentence(asked));
        }
        return ExitCode.SUCCESS;
    }

    private FloorChange asked(InstantSource clock) {
        try {
            if (change.remove) {
                if (time != null) {
                    throw new IllegalArgumentException("--for belongs to --at");
                }
                Floor.of(consumer, 0); // checks the name
                return new FloorChange.Remove(consumer);
            }
            return new FloorChange.Set(new Floor(consumer, change.at,
                    Optional.ofNullable(time).map(clock.instant()::plus)));
        } catch (IllegalArgumentException wrong) {
            throw new ParameterException(spec.commandLine(), wrong.getMessage(), wrong);
        }
    }

    private static String toSentence(FloorChange change) {
        return change instanceof FloorChange.Set(Floor floor)
                ? "nothing from entry " + floor.id() + " on is trimmed"
                        + floor.until().map(end -> " until " + end).orElse("")
                        + ", for consumer '" + floor.consumer() + "'"
                : "consumer '" + change.consumer() + "' holds nothing back any more";
    }
}
