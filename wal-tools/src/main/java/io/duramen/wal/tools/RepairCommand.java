package io.duramen.wal.tools;

import io.duramen.wal.log.LogEnvironment;
import io.duramen.wal.log.LogId;
import io.duramen.wal.log.LogRepair;
import io.duramen.wal.log.LogVerification;
import io.duramen.wal.log.RepairPlan;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/// `wal repair`: saves what can be saved of a damaged log.
@Command(
        name = "repair",
        description = {
            "Saves what can be saved of a damaged log. What can be mended without loss, such as an"
                    + " index or a swapped file, is. At the first entry that is lost the log is"
                    + " cut, and what follows is dropped; with --drop-damaged only what is damaged"
                    + " is dropped, and marked: reading it fails, what follows can be read, and"
                    + " its id is not given again.",
            "",
            "The originals of all files that change are moved to a folder beside the log's,"
                    + " log_<id>.damaged-<n>. The log must not be open for writing. A repair that"
                    + " was interrupted is completed by running it again.",
            "",
            "Ends with 1 where --dry-run finds something to repair, with 0 where --apply did it.",
        },
        footer = {
            "  wal repair orders --dry-run",
            "  wal repair orders --dry-run --drop-damaged",
            "  wal repair orders --apply --drop-damaged",
        })
final class RepairCommand implements Callable<Integer> {
    @ParentCommand
    private WalCommand root;

    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "LOG", description = "The log's id.")
    private String logId;

    @ArgGroup(multiplicity = "1")
    private Action action;

    @Option(names = "--drop-damaged",
            description = "Keeps what follows damage, and marks what is lost.")
    private boolean dropDamaged;

    @Option(names = "--json", description = "Prints an object.")
    private boolean json;

    /// One of them.
    private static final class Action {
        @Option(names = "--dry-run", description = "Says what would be done, and changes nothing.")
        private boolean dryRun;

        @Option(names = "--apply", description = "Does it.")
        private boolean apply;
    }

    @Override
    public Integer call() {
        LogId id = LogId.of(logId);
        RepairPlan.Mode mode =
                dropDamaged ? RepairPlan.Mode.DROP_DAMAGED : RepairPlan.Mode.CUT;
        try (LogEnvironment environment = LogEnvironment.open(1, 1)) {
            return action.apply ? apply(id, mode, environment) : plan(id, mode, environment);
        }
    }

    private int plan(LogId id, RepairPlan.Mode mode, LogEnvironment environment) {
        RepairPlan plan;
        try (Reading reading = new Reading(id)) {
            plan = LogRepair.plan(root.basePath(), id, mode, environment, reading);
        }
        RepairText text = new RepairText(plan);
        print(json ? text.json().put("applied", false).toString()
                : text.lines() + text.planned());
        return plan.isNothingToDo() ? ExitCode.SUCCESS : ExitCode.PROBLEM;
    }

    private int apply(LogId id, RepairPlan.Mode mode, LogEnvironment environment) {
        LogRepair.Outcome outcome;
        try (Reading reading = new Reading(id)) {
            outcome = LogRepair.apply(root.basePath(), id, mode, environment, reading);
        }
        RepairText text = new RepairText(outcome.plan());
        if (json) {
            JsonObject object = text.json().put("applied", true)
                    .put("completedEarlierRepair", outcome.completed());
            outcome.originals().ifPresent(it -> object.put("originals", it.toString()));
            print(object.toString());
        } else {
            print(text.lines() + text.applied(outcome));
        }
        return ExitCode.SUCCESS;
    }

    private void print(String text) {
        PrintWriter out = spec.commandLine().getOut();
        out.println(text);
        out.flush();
    }

    /// Draws how far the reading is. Findings are what `wal verify` prints; here it is what becomes
    /// of them.
    private final class Reading implements LogVerification.Listener, AutoCloseable {
        private final LogId log;
        private Progress progress = Progress.none();

        Reading(LogId log) {
            this.log = log;
        }

        @Override
        public void finding(LogVerification.Finding finding) {
            // the plan says what follows from it
        }

        @Override
        public void begins(long sizeBytes) {
            if (root.streams().progressTerminal()) {
                progress = Progress.on(spec.commandLine().getErr(), "repair " + log, sizeBytes);
            }
        }

        @Override
        public void checked(long sizeBytes) {
            progress.add(sizeBytes);
        }

        @Override
        public void close() {
            progress.close();
        }
    }
}
