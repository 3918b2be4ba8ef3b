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
    private final Explorer<World> explorer = new Explorer<>(this::steps, World::violation);

    private CrashModel(Set<Protection> kept) {
        writing = new Writing(kept);
        recovering = new Recovering(kept);
    }

    static CrashModel ofAll() {
        return new CrashModel(EnumSet.allOf(Protection.class));
    }

    static CrashModel without(Protection leftOut) {
        return new CrashModel(EnumSet.complementOf(EnumSet.of(leftOut)));
    }

    /// @return the steps to a promise broken; empty where there are none
    Optional<List<String>> findViolation() {
        return explorer.explore(World.first());
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
            case DOWN -> add(steps, world, "open and cut", recovering::open);
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
        }
        addCrashes(steps, world);
        return steps;
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
