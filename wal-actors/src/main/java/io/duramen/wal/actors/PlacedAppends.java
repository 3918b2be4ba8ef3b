package io.duramen.wal.actors;

import io.duramen.wal.WalException;
import io.duramen.wal.actors.LogRequest.AppendAt;
import io.duramen.wal.log.Appended;
import io.duramen.wal.log.Durability;
import io.duramen.wal.log.LogSettings;
import io.duramen.wal.log.ReorderWindow;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;

/// Appends that say which id they are for: those whose turn it is join the queue, one that comes
/// too early waits in a [ReorderWindow], and a resent one is compared with what the log has, on a
/// blocking thread, once that is on the device. Part of a [LogActor]; each gets one answer.
final class PlacedAppends {
    private final GroupPlan groups;
    private final LogState state;
    private final LogSettings settings;
    private final WalResources resources;
    private final TimerScheduler<LogActor.Command> timers;
    private final ReorderWindow<AppendAt> window;
    /// Those that the log has, and not yet on the device.
    private final List<AppendAt> resent = new ArrayList<>();
    /// Bytes of those that wait, or are compared.
    private final AtomicLong heldBytes = new AtomicLong();

    PlacedAppends(GroupPlan groups, LogState state, LogSettings settings, WalResources resources,
            TimerScheduler<LogActor.Command> timers) {
        this.groups = groups;
        this.state = state;
        this.settings = settings;
        this.resources = resources;
        this.timers = timers;
        this.window = new ReorderWindow<>(settings.reorder());
    }

    /// The id after all that was taken so far.
    private long nextId() {
        return state.nextId() + groups.queue().unwrittenEntries();
    }

    void add(AppendAt request) {
        long nextId = nextId();
        if (request.expectedId() == nextId) {
            groups.offer(request.append(), nextId).ifPresent(request.replyTo()::tell);
        } else if (request.expectedId() > nextId) {
            hold(request, nextId);
        } else if (request.lastId() >= nextId) {
            refuse(request, new WalException.Conflict(request.expectedId(), nextId));
        } else if (take(request)) {
            resent.add(request);
        }
    }

    private void hold(AppendAt request, long nextId) {
        if (!window.hasRoomFor(request.expectedId(), request.payloads().size(), weight(request),
                nextId)) {
            refuse(request, new WalException.OutOfOrder(request.expectedId(), nextId));
        } else if (take(request)) {
            window.hold(request.expectedId(), request.payloads().size(), weight(request),
                    request);
            startRound();
        }
    }

    private static long weight(AppendAt request) {
        return request.append().weightBytes();
    }

    private static void refuse(AppendAt request, WalException cause) {
        request.replyTo().tell(new LogRequest.NotWritten(cause));
    }

    /// Takes its bytes of what may wait; where there is no room it is answered.
    private boolean take(AppendAt request) {
        long bytes = weight(request);
        long held = heldBytes.get();
        if (held > 0 && held + bytes > settings.pendingBytesMax()
                || !resources.pending().tryTake(bytes)) {
            request.replyTo().tell(new LogRequest.Overloaded(held, settings.pendingBytesMax(),
                    DrainRate.UNKNOWN));
            return false;
        }
        heldBytes.addAndGet(bytes);
        return true;
    }

    private void giveBack(AppendAt request) {
        long bytes = weight(request);
        heldBytes.addAndGet(-bytes);
        resources.pending().giveBack(bytes);
    }

    /// The log may have gone on, or lost what was in front: goes on with those whose turn it is.
    void proceed() {
        Optional<AppendAt> due = window.pollDue(nextId());
        while (due.isPresent()) {
            giveBack(due.get());
            add(due.get());
            due = window.pollDue(nextId());
        }
        if (resent.isEmpty()) {
            return;
        }
        List<AppendAt> again = new ArrayList<>();
        for (Iterator<AppendAt> all = resent.iterator(); all.hasNext();) {
            AppendAt request = all.next();
            if (request.lastId() <= state.durableId()) {
                all.remove();
                compare(request);
            } else if (request.lastId() >= nextId()) {
                all.remove();
                again.add(request);
            }
        }
        again.forEach(request -> {
            giveBack(request);
            add(request);
        });
    }

    /// Some wait for what is in front of them to be on the device.
    boolean wantsSync() {
        return !resent.isEmpty();
    }

    boolean isEmpty() {
        return window.isEmpty() && resent.isEmpty();
    }

    private void compare(AppendAt request) {
        CompletableFuture
                .supplyAsync(() -> state.holds(request.expectedId(), request.payloads()),
                        resources.blocking())
                .whenComplete((same, failure) -> {
                    giveBack(request);
                    request.replyTo().tell(answer(request, same, failure));
                });
    }

    private LogRequest.AppendAnswer answer(AppendAt request, Boolean same, Throwable failure) {
        if (failure != null) {
            return new LogRequest.NotWritten(WalException.Defect.orCause(Causes.of(failure)));
        }
        return same
                ? new LogRequest.Duplicate(new Appended(request.expectedId(), request.lastId(),
                        Durability.SYNCED))
                : new LogRequest.NotWritten(new WalException.Conflict(request.expectedId(),
                        state.visibleNextId()));
    }

    private void startRound() {
        if (!window.isEmpty() && !timers.isTimerActive(LogEvent.Timer.REORDER)) {
            timers.startSingleTimer(LogEvent.Timer.REORDER, settings.reorder().timeout());
        }
    }

    /// Who has waited for a whole round waits no longer.
    void endRound() {
        window.endRound().forEach(request -> {
            giveBack(request);
            refuse(request, new WalException.OutOfOrder(request.expectedId(), nextId()));
        });
        startRound();
    }

    /// Takes out all who wait for entries in front of them.
    List<AppendAt> leave() {
        List<AppendAt> held = window.clear();
        held.forEach(this::giveBack);
        return held;
    }

    /// Refuses all who wait.
    void failAll(WalException cause) {
        leave().forEach(request -> refuse(request, cause));
        resent.forEach(request -> {
            giveBack(request);
            refuse(request, cause);
        });
        resent.clear();
    }
}
