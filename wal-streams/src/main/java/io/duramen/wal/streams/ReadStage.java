package io.duramen.wal.streams;

import io.duramen.wal.WalException;
import io.duramen.wal.actors.LeaseSlot;
import io.duramen.wal.actors.LogRequest;
import io.duramen.wal.actors.WalLog;
import io.duramen.wal.fragment.FragmentCursor;
import io.duramen.wal.fragment.FragmentLease;
import io.duramen.wal.log.ReadRange;
import io.duramen.wal.log.TruncationWatch;
import java.lang.foreign.ValueLayout;
import java.time.Instant;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.apache.pekko.actor.Terminated;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.apache.pekko.stream.Attributes;
import org.apache.pekko.stream.Outlet;
import org.apache.pekko.stream.SourceShape;
import org.apache.pekko.stream.stage.AbstractOutHandler;
import org.apache.pekko.stream.stage.GraphStage;
import org.apache.pekko.stream.stage.GraphStageLogic;
import org.apache.pekko.stream.stage.GraphStageLogic.StageActor;
import scala.runtime.BoxedUnit;

/// Reads a log. It asks the log once for each fragment, and once for each time it stands at the
/// end; in between it reads from the mapping it has on lease, an entry for each demand.
final class ReadStage extends GraphStage<SourceShape<WalEntry>> {
    private final Outlet<WalEntry> out = Outlet.create("read.entries");
    private final SourceShape<WalEntry> shape = SourceShape.of(out);
    private final WalLog log;
    private final ReadRange range;
    private final Start start;
    private final boolean live;

    /// @param live go on at the end; else the stream ends where the log ended when it was first
    ///     asked
    ReadStage(WalLog log, ReadRange range, Start start, boolean live) {
        this.log = log;
        this.range = range;
        this.start = start;
        this.live = live;
    }

    /// Where the range begins that is read.
    ///
    /// @param earliest where its first entry is not there, at the first there is
    /// @param time at the first entry that is not before this, where it is not null
    record Start(boolean earliest, Instant time) {
        /// At the range's first id.
        static final Start RANGE = new Start(false, null);
        /// At the first entry there is.
        static final Start EARLIEST = new Start(true, null);

        static Start at(Instant time) {
            return new Start(true, Objects.requireNonNull(time, "time"));
        }
    }

    @Override
    public SourceShape<WalEntry> shape() {
        return shape;
    }

    @Override
    public GraphStageLogic createLogic(Attributes attributes) {
        return new Logic();
    }

    private final class Logic extends GraphStageLogic {
        private long nextId = range.firstId();
        private long lastId = range.lastId();
        private long visibleId;
        private final TruncationWatch truncations = log.watchTruncations();
        private boolean timeSought = start.time() != null;
        private boolean endKnown;
        private boolean asked;
        private LeaseSlot slot;
        private FragmentLease lease;
        private FragmentCursor cursor;
        private final AtomicLong position = new AtomicLong(range.firstId());
        private final LongSupplier progress = position::get;
        private ActorRef<LogRequest.ReadAnswer> self;

        Logic() {
            super(shape);
            setHandler(out, new AbstractOutHandler() {
                @Override
                public void onPull() {
                    if (!asked) {
                        read();
                    }
                }
            });
        }

        @Override
        public void preStart() {
            StageActor actor = getStageActor(received -> {
                onMessage(received._2());
                return BoxedUnit.UNIT;
            });
            actor.watch(Adapter.toClassic(log.ref()));
            log.reads(progress);
            self = Adapter.toTyped(actor.ref());
        }

        /// Answers the demand, or fails the stream with what is wrong with the entry.
        private void read() {
            try {
                readNext();
            } catch (WalException damaged) {
                failStage(damaged);
            }
        }

        /// With an entry, with the end, or by asking for what is missing.
        private void readNext() {
            while (true) {
                if (nextId > lastId) {
                    completeStage();
                    return;
                }
                if (timeSought) {
                    ask(new LogRequest.FindTime(start.time(), self));
                    return;
                }
                if (!endKnown) {
                    ask(new LogRequest.AwaitVisible(LogRequest.AwaitVisible.NOW, self));
                    return;
                }
                if (truncations.check(nextId)) {
                    leave(); // its fragment has another life
                    visibleId = nextId - 1;
                }
                if (nextId > visibleId && live) {
                    ask(new LogRequest.AwaitVisible(nextId, self));
                    return;
                }
                if (lease == null) {
                    slot = new LeaseSlot();
                    ask(new LogRequest.Lend(nextId, slot, self));
                    return;
                }
                if (cursor == null) {
                    cursor = lease.cursorBefore(nextId);
                }
                if (cursor.advance(visibleId)) {
                    emit();
                    return;
                }
                leave();
            }
        }

        private void emit() {
            nextId = cursor.nextId();
            position.lazySet(nextId);
            push(out, new WalEntry(cursor.id(), cursor.timestampNanos(),
                    cursor.payload().toArray(ValueLayout.JAVA_BYTE)));
        }

        private void ask(LogRequest request) {
            asked = true;
            log.ref().tell(request);
        }

        private void onMessage(Object message) {
            asked = false;
            switch (message) {
                case LogRequest.Lent lent -> {
                    lease = lent.lease();
                    visibleId = lent.visibleId();
                    read();
                }
                case LogRequest.Visible visible -> onVisible(visible);
                case LogRequest.Found found -> {
                    timeSought = false;
                    nextId = found.entryId();
                    read();
                }
                case LogRequest.ReadFailed failed -> onFailed(failed.cause());
                case Terminated _ -> failStage(new WalException.Closed("log " + log.id()));
                default -> failStage(new IllegalStateException("no answer to a read: " + message));
            }
        }

        /// What was not to be had may have been truncated while it was asked for.
        private void onFailed(WalException cause) {
            try {
                if (endKnown && truncations.check(nextId)) {
                    leave();
                    visibleId = nextId - 1;
                    read();
                } else {
                    failStage(cause);
                }
            } catch (WalException.Truncated truncated) {
                failStage(truncated);
            }
        }

        private void onVisible(LogRequest.Visible visible) {
            visibleId = visible.visibleId();
            if (endKnown && !live && nextId > visibleId) {
                failStage(new WalException.Truncated(nextId, nextId)); // it was there
                return;
            }
            if (!endKnown) {
                endKnown = true;
                if (start.earliest()) {
                    nextId = Math.max(nextId, visible.firstId());
                }
                if (nextId > visibleId + 1) {
                    failStage(new WalException.PastEnd(nextId, visibleId + 1));
                    return;
                }
                lastId = live ? lastId : Math.min(lastId, visibleId);
            }
            read();
        }

        private void leave() {
            if (slot != null) {
                cursor = null;
                lease = null;
                slot.close();
                slot = null;
            }
        }

        @Override
        public void postStop() {
            log.readsNoMore(progress);
            leave();
        }
    }
}
