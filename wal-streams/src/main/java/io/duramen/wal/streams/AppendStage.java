package io.duramen.wal.streams;

import io.duramen.wal.WalException;
import io.duramen.wal.actors.LogRequest;
import io.duramen.wal.actors.WalLog;
import io.duramen.wal.fragment.Payload;
import io.duramen.wal.log.Appended;
import java.util.ArrayList;
import java.util.List;
import org.apache.pekko.actor.Terminated;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.apache.pekko.stream.Attributes;
import org.apache.pekko.stream.FlowShape;
import org.apache.pekko.stream.Inlet;
import org.apache.pekko.stream.Outlet;
import org.apache.pekko.stream.stage.AbstractInHandler;
import org.apache.pekko.stream.stage.AbstractOutHandler;
import org.apache.pekko.stream.stage.GraphStage;
import org.apache.pekko.stream.stage.GraphStageLogic;
import org.apache.pekko.stream.stage.GraphStageLogic.StageActor;
import org.apache.pekko.stream.stage.TimerGraphStageLogic;
import org.apache.pekko.util.ByteString;
import scala.runtime.BoxedUnit;

/// Appends what comes in, and emits the log's acknowledgements, one for each batch.
///
/// One batch is under way at a time; the next gathers meanwhile, up to its limits, and then the
/// upstream waits. So a slow disk slows the producer, and batches grow with the load.
///
/// @param <E> an entry, or the entries of an atomic batch
final class AppendStage<E> extends GraphStage<FlowShape<E, Appended>> {
    /// Adds an element's entries to a batch.
    private interface Gatherer<E> {
        /// @return bytes they take in the file
        long addTo(List<Payload> batch, E element);
    }

    private final Inlet<E> in = Inlet.create("append.in");
    private final Outlet<Appended> out = Outlet.create("append.acknowledged");
    private final FlowShape<E, Appended> shape = FlowShape.of(in, out);
    private final WalLog log;
    private final AppendSettings settings;
    private final Gatherer<E> gatherer;
    private final boolean atomic;

    private AppendStage(WalLog log, AppendSettings settings, Gatherer<E> gatherer,
            boolean atomic) {
        this.log = log;
        this.settings = settings;
        this.gatherer = gatherer;
        this.atomic = atomic;
    }

    /// Gathers entries into batches as the log keeps up.
    static AppendStage<ByteString> entries(WalLog log, AppendSettings settings) {
        return new AppendStage<>(log, settings, AppendStage::add, false);
    }

    /// Appends each list as an atomic batch; an empty one is passed over.
    static AppendStage<List<ByteString>> batches(WalLog log, AppendSettings settings) {
        return new AppendStage<>(log, settings,
                (batch, list) -> list.stream().mapToLong(entry -> add(batch, entry)).sum(), true);
    }

    private static long add(List<Payload> batch, ByteString entry) {
        Payload payload = new ByteStringPayload(entry);
        batch.add(payload);
        return payload.entryBytes();
    }

    @Override
    public FlowShape<E, Appended> shape() {
        return shape;
    }

    @Override
    public GraphStageLogic createLogic(Attributes attributes) {
        return new Logic();
    }

    private final class Logic extends TimerGraphStageLogic {
        private static final String RETRY = "retry";

        private List<Payload> gathering = new ArrayList<>();
        private long gatheringBytes;
        private LogRequest.Append underWay;
        private boolean refused;
        private Appended toEmit;
        private ActorRef<LogRequest.AppendAnswer> self;

        Logic() {
            super(shape);
            setHandler(in, new AbstractInHandler() {
                @Override
                public void onPush() {
                    gather(grab(in));
                }

                @Override
                public void onUpstreamFinish() {
                    completeWhenDone();
                }
            });
            setHandler(out, new AbstractOutHandler() {
                @Override
                public void onPull() {
                    emitAcknowledgement();
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
            self = Adapter.toTyped(actor.ref());
            pull(in);
        }

        private void onMessage(Object message) {
            switch (message) {
                case LogRequest.Acknowledged acknowledged ->
                        onAcknowledged(acknowledged.appended());
                case LogRequest.Overloaded _ -> {
                    refused = true;
                    scheduleOnce(RETRY, settings.retryDelay());
                }
                case LogRequest.NotWritten notWritten -> failStage(notWritten.cause());
                case LogRequest.Unknown unknown -> failStage(unknown.cause());
                case Terminated _ -> onLogStopped();
                default -> unexpected(message);
            }
        }

        /// A batch that was sent and not answered may have been written.
        private void onLogStopped() {
            WalException closed = new WalException.Closed("log " + log.id());
            failStage(underWay == null || refused ? closed
                    : new WalException.OutcomeUnknown(closed));
        }

        private void unexpected(Object message) {
            failStage(new IllegalStateException("no answer to an append: " + message));
        }

        private void gather(E element) {
            gatheringBytes += gatherer.addTo(gathering, element);
            sendBatch();
            pullWhileThereIsRoom();
        }

        private void pullWhileThereIsRoom() {
            boolean room =
                    atomic ? gathering.isEmpty() : gathering.size() < settings.batchEntriesMax()
                            && gatheringBytes < settings.batchBytesMax();
            if (room && !hasBeenPulled(in) && !isClosed(in)) {
                pull(in);
            }
        }

        /// Sends what has gathered, unless a batch is under way or waits to be acknowledged
        /// downstream.
        private void sendBatch() {
            if (underWay == null && toEmit == null && !gathering.isEmpty()) {
                underWay = new LogRequest.Append(gathering, settings.durability(), atomic, self);
                gathering = new ArrayList<>();
                gatheringBytes = 0;
                log.ref().tell(underWay);
            }
        }

        @Override
        public void onTimer(Object key) {
            refused = false;
            log.ref().tell(underWay);
        }

        private void onAcknowledged(Appended appended) {
            underWay = null;
            toEmit = appended;
            if (isAvailable(out)) {
                emitAcknowledgement();
            }
        }

        private void emitAcknowledgement() {
            if (toEmit != null) {
                push(out, toEmit);
                toEmit = null;
                sendBatch();
                pullWhileThereIsRoom();
                completeWhenDone();
            }
        }

        private void completeWhenDone() {
            if (isClosed(in) && underWay == null && toEmit == null && gathering.isEmpty()) {
                completeStage();
            }
        }
    }
}
