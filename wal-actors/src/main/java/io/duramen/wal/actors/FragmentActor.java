package io.duramen.wal.actors;

import io.duramen.wal.WalException;
import io.duramen.wal.format.FragmentFooter;
import io.duramen.wal.fragment.Fragment;
import io.duramen.wal.fragment.FragmentFiles;
import io.duramen.wal.fragment.FragmentLease;
import io.duramen.wal.fragment.FragmentWriter;
import io.duramen.wal.fragment.OpenGroup;
import io.duramen.wal.fragment.Payload;
import io.duramen.wal.io.IoChain;
import io.duramen.wal.io.IoOperation;
import io.duramen.wal.io.IoResult;
import io.duramen.wal.log.EpochNanos;
import io.duramen.wal.log.WritableFragment;
import io.duramen.wal.memory.BufferLease;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.apache.pekko.Done;
import org.apache.pekko.actor.NoSerializationVerificationNeeded;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.AbstractMatchingBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/// Owns one fragment. While the fragment grows it encodes groups into leased buffers and has them
/// written, one at a time, each started by its [LogActor]; then it seals. A sealed fragment only
/// lends its mapping, and asks to be stopped when nobody has asked for it for a while.
public final class FragmentActor extends AbstractMatchingBehavior<FragmentActor.Command> {
    sealed interface Command extends NoSerializationVerificationNeeded {}

    /// Writes a group and tells the log when it is written and, where it is to be synced, when it
    /// is durable.
    record WriteGroup(List<Payload> payloads, boolean sync, long durableId) implements Command {}

    /// Makes what is written durable.
    record Sync() implements Command {}

    record Lend(LeaseSlot slot, ActorRef<LogRequest.ReadAnswer> replyTo, long visibleId)
            implements Command {}

    /// The log goes on elsewhere: seal. All entries are durable.
    record Seal() implements Command {}

    /// Leaves a closing record where something was appended, and closes the file. Nothing is under
    /// way.
    record Finish(boolean appended, long durableId, ActorRef<Done> replyTo) implements Command {}

    private record BufferReady(BufferLease buffer) implements Command {}

    private record IoDone(IoResult result) implements Command {}

    private record SealEnded(Optional<FragmentFooter> footer, Optional<Throwable> failure)
            implements Command {}

    private enum Idle implements Command {
        IDLE
    }

    private final ActorRef<LogActor.Command> log;
    private final WalResources resources;
    private final Fragment fragment;
    private final Duration idleTimeout;
    private final ActorRef<IoSchedulerActor.Completed> ioDone;
    private WritableFragment tip;
    private WriteGroup group;
    private OpenGroup encoded;
    private boolean written;
    private ActorRef<Done> finishing;

    /// An actor for a fragment that grows.
    static Behavior<Command> growing(WritableFragment tip, ActorRef<LogActor.Command> log,
            WalResources resources,
            Duration idleTimeout) {
        return Behaviors.setup(context -> new FragmentActor(context, tip.fragment(), tip, log,
                resources, idleTimeout));
    }

    static Behavior<Command> sealed(Fragment fragment, ActorRef<LogActor.Command> log,
            WalResources resources,
            Duration idleTimeout) {
        return Behaviors.setup(
                context -> new FragmentActor(context, fragment, null, log, resources, idleTimeout)
                        .becomeSealed());
    }

    private FragmentActor(ActorContext<Command> context, Fragment fragment, WritableFragment tip,
            ActorRef<LogActor.Command> log,
            WalResources resources, Duration idleTimeout) {
        super(context);
        this.fragment = fragment;
        this.tip = tip;
        this.log = log;
        this.resources = resources;
        this.idleTimeout = idleTimeout;
        this.ioDone = context.messageAdapter(IoSchedulerActor.Completed.class,
                done -> new IoDone(done.result()));
    }

    private FragmentActor becomeSealed() {
        getContext().setReceiveTimeout(idleTimeout, Idle.IDLE);
        return this;
    }

    @Override
    public Behavior<Command> onMessage(Command command) {
        switch (command) {
            case WriteGroup write -> onWriteGroup(write);
            case BufferReady ready -> encodeAndWrite(ready.buffer());
            case IoDone done -> onIoDone(done.result());
            case Sync _ -> submit(new IoOperation.Fdatasync(tip.file()));
            case Lend lend -> onLend(lend);
            case Seal _ -> onSeal();
            case SealEnded ended -> onSealEnded(ended);
            case Finish finish -> onFinish(finish);
            case Idle _ ->
                    log.tell(new LogActor.FragmentIdle(fragment.firstId(), getContext().getSelf()));
        }
        return this;
    }

    private void onWriteGroup(WriteGroup write) {
        group = write;
        long bytes = OpenGroup.bufferBytesFor(write.payloads());
        if (bytes > resources.pool().slotBytes()) {
            try {
                encodeAndWrite(resources.pool().unpooled(bytes));
            } catch (WalException.Overloaded refused) {
                log.tell(new LogActor.GroupRefused(refused));
            }
            return;
        }
        Optional<BufferLease> free = resources.pool().tryAcquire();
        if (free.isPresent()) {
            encodeAndWrite(free.get());
        } else {
            ActorRef<Command> self = getContext().getSelf();
            resources.pool().acquireAsync()
                    .thenAccept(buffer -> self.tell(new BufferReady(buffer)));
        }
    }

    private void encodeAndWrite(BufferLease buffer) {
        encoded = tip.writer().beginGroup(buffer);
        for (Payload payload : group.payloads()) {
            encoded.add(payload, false);
        }
        MemorySegment bytes = encoded.close(group.durableId(), EpochNanos.now(resources.clock()));
        submit(new IoOperation.Write(tip.file(), bytes, encoded.fileOffset()));
    }

    private void submit(IoOperation operation) {
        resources.ioScheduler().tell(new IoSchedulerActor.Submit(IoChain.of(operation), ioDone));
    }

    private void onIoDone(IoResult result) {
        switch (result) {
            case IoResult.Failed failed -> {
                releaseBuffer();
                log.tell(new LogActor.DiskFailed(failed.cause()));
                confirmFinished();
            }
            case IoResult.Done _ -> onIoSucceeded();
        }
    }

    private void onIoSucceeded() {
        if (encoded == null) {
            log.tell(new LogActor.Synced());
        } else if (finishing != null) {
            releaseBuffer();
            confirmFinished();
        } else {
            FragmentWriter writer = tip.writer();
            log.tell(new LogActor.GroupWritten(encoded.lastId(), encoded.sizeBytes(),
                    writer.endOfData(),
                    writer.lastEntryCrc()));
            releaseBuffer();
            if (group.sync()) {
                submit(new IoOperation.Fdatasync(tip.file()));
            }
            group = null;
        }
    }

    private void releaseBuffer() {
        if (encoded != null) {
            encoded.release();
            encoded = null;
        }
    }

    private void onLend(Lend lend) {
        try {
            FragmentLease lease = fragment.lease();
            lend.slot().put(lease);
            lend.replyTo().tell(new LogRequest.Lent(lease, lend.visibleId()));
        } catch (WalException failure) {
            lend.replyTo().tell(new LogRequest.ReadFailed(failure));
        }
    }

    private void onSeal() {
        WritableFragment complete = tip;
        FragmentFiles files = new FragmentFiles(resources.disk(), resources.scheduler(),
                fragment.path().getParent());
        CompletableFuture<FragmentFooter> sealing = CompletableFuture
                .supplyAsync(() -> files.seal(complete.file(), complete.writer()),
                        resources.blocking());
        getContext().pipeToSelf(sealing,
                (footer, failure) -> new SealEnded(Optional.ofNullable(footer),
                        Optional.ofNullable(failure)));
    }

    private void onSealEnded(SealEnded ended) {
        tip.file().close();
        tip = null;
        ended.footer().ifPresent(fragment::sealed);
        becomeSealed();
        log.tell(new LogActor.FragmentSealed(ended.failure()));
    }

    private void onFinish(Finish finish) {
        finishing = finish.replyTo();
        if (!finish.appended()) {
            confirmFinished();
            return;
        }
        encoded = tip.writer().beginGroup(resources.pool().unpooled(OpenGroup.bufferBytesFor(0)));
        MemorySegment record = encoded.close(finish.durableId(), EpochNanos.now(resources.clock()));
        resources.ioScheduler().tell(new IoSchedulerActor.Submit(
                IoChain.durableWrite(tip.file(), record, encoded.fileOffset()), ioDone));
    }

    private void confirmFinished() {
        if (finishing != null) {
            tip.file().close();
            finishing.tell(Done.done());
        }
    }
}
