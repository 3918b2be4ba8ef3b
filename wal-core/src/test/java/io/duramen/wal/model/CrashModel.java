package io.duramen.wal.model;

import io.duramen.wal.model.Explorer.Step;
import io.duramen.wal.model.World.Stand;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/// The protocol of a log as a machine of states: which steps there are from each.
final class CrashModel {
    private final Writing writing;
    private final Recovering recovering;
    private final Truncating truncating;
    private final Explorer<World> explorer = new Explorer<>(this::steps, World::violation);

    private CrashModel(Set<Protection> kept) {
        writing = new Writing(kept);
        recovering = new Recovering(kept);
        truncating = new Truncating(kept);
    }

    static CrashModel ofAll() {
        return new CrashModel(EnumSet.allOf(Protection.class));
    }

    static CrashModel without(Protection leftOut) {
        return new CrashModel(EnumSet.complementOf(EnumSet.of(leftOut)));
    }

    /// @param first where it begins
    /// @return the steps to a promise broken; empty where there are none
    Optional<List<String>> findViolation(World first) {
        return explorer.explore(first);
    }

    int states() {
        return explorer.states();
    }

    private static void add(List<Step<World>> steps, World world, String name,
            Consumer<World> change) {
        World changed = world.copy();
        change.accept(changed);
        steps.add(new Step<>(name, changed));
    }

    private List<Step<World>> steps(World world) {
        List<Step<World>> steps = new ArrayList<>();
        switch (world.stand) {
            case DOWN -> addOpen(steps, world);
            case CUT -> {
                add(steps, world, "sync the cut", recovering::syncCut);
                addFailedSync(steps, world);
            }
            case KEPT -> add(steps, world, "write again", recovering::writeAgain);
            case SYNCED -> {
                add(steps, world, "sync and delete leftovers", recovering::settle);
                addFailedSync(steps, world);
            }
            case SETTLED -> add(steps, world, "begin", recovering::begin);
            case RUNNING -> addWrites(steps, world);
            case ROTATING -> add(steps, world, "name the next fragment", writing::name);
            case NAMED -> add(steps, world, "go on in the next fragment", writing::activate);
            case HEAD_MOVED -> add(steps, world, "let the file go", writing::letFileGo);
            case FILE_GONE -> add(steps, world, "zero the file", writing::zeroFile);
            case ZEROED_FILE -> add(steps, world, "sync the zeros", writing::syncFile);
            case NEW_END_WRITTEN -> add(steps, world, "name the new end", truncating::nameEnd);
            case END_NAMED -> add(steps, world, "let fragments go", truncating::letFragmentsGo);
            case FRAGMENTS_GONE -> add(steps, world, "make the end a fragment",
                    truncating::renameEnd);
            case END_RENAMED -> add(steps, world, "sync the end's name", truncating::syncEnd);
        }
        addCrashes(steps, world);
        return steps;
    }

    private void addOpen(List<Step<World>> steps, World world) {
        if (world.end() == World.NONE) {
            add(steps, world, "open and cut", recovering::open);
            return;
        }
        add(steps, world, "open and let fragments go", changed -> {
            recovering.openTruncated(changed);
            if (changed.violation == null) {
                truncating.letFragmentsGo(changed);
            }
        });
    }

    private void addFailedSync(List<Step<World>> steps, World world) {
        if (world.syncFailures > 0) {
            add(steps, world, "the sync fails in recovery", recovering::failSync);
        }
    }

    private void addWrites(List<Step<World>> steps, World world) {
        if (writing.mayAppend(world, false)) {
            add(steps, world, "append", changed -> writing.append(changed, false));
        }
        if (writing.mayAppend(world, true)) {
            add(steps, world, "append a copy of a log",
                    changed -> writing.append(changed, true));
        }
        if (writing.maySync(world)) {
            add(steps, world, "sync", writing::sync);
            if (world.syncFailures > 0) {
                add(steps, world, "the sync fails", writing::failSync);
            }
        }
        if (writing.mayRotate(world)) {
            add(steps, world, "rotate", writing::rotate);
        }
        if (truncating.mayTruncate(world)) {
            add(steps, world, "write a new end", truncating::writeNewEnd);
        }
        if (writing.mayTrim(world)) {
            add(steps, world, "move the head", writing::moveHead);
        }
    }

    private static void addCrashes(List<Step<World>> steps, World world) {
        if (world.kills > 0 && world.stand != Stand.DOWN) {
            add(steps, world, "the process is killed", changed -> {
                changed.kills--;
                changed.endProcess();
            });
        }
        if (world.powerFailures > 0) {
            for (Disk left : world.disk.afterPowerFailure()) {
                add(steps, world, "the power fails", changed -> {
                    changed.powerFailures--;
                    changed.endProcess();
                    changed.disk = left;
                });
            }
        }
    }
}
