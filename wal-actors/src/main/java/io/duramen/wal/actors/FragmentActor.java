package io.duramen.wal.actors;

import io.duramen.wal.WalException;
import io.duramen.wal.format.EntryHeader;
import io.duramen.wal.format.FragmentFooter;
import io.duramen.wal.fragment.Fragment;
import io.duramen.wal.fragment.FragmentFiles;
import io.duramen.wal.fragment.FragmentLease;
import io.duramen.wal.fragment.GroupMemory;
import io.duramen.wal.fragment.OpenGroup;
import io.duramen.wal.fragment.Payload;
import io.duramen.wal.io.IoChain;
import io.duramen.wal.io.IoOperation;
import io.duramen.wal.io.IoResult;
import io.duramen.wal.log.EpochNanos;
import io.duramen.wal.log.IoMode;
import io.duramen.wal.log.LogEnd;
import io.duramen.wal.log.WritableFragment;
import io.duramen.wal.memory.BufferLease;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.apache.pekko.Done;
import org.apache.pekko.actor.NoSerializationVerificationNeeded;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.Signal;
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
    ///
    /// @param writtenMatters somebody wants to know as soon as it is written
    record WriteGroup(List<Payload> payloads, BitSet continues, boolean sync,
            boolean writtenMatters, long durableId) implements Command {
        /// True where the disk may be asked for both at once.
        boolean isOneStep() {
            return sync && !writtenMatters;
        }
    }

    /// Makes what is written durable.
    record Sync() implements Command {}

    /// @param lender takes the lease, on this fragment
    record Lend(Supplier<FragmentLease> lender, LeaseSlot slot,
            ActorRef<LogRequest.ReadAnswer> replyTo, long visibleId) implements Command {}

    /// The log goes on elsewhere: seal. All entries are durable.
    record Seal() implements Command {}

    /// Leaves a closing record where something was appended, and closes the file. Nothing is under
    /// way.
    record Finish(boolean appended, long durableId, ActorRef<Done> replyTo) implements Command {}

    /// Nobody will ask any more: stop, behind what was asked.
    enum Stop implements Command {
        STOP
    }

    /// What a fragment's actor must know of its log.
    ///
    /// @param log the actor that is told how things went
    /// @param access the right to write, for as long as something writes
    record Owner(ActorRef<LogActor.Command> log, WriteAccess access, IoMode ioMode,
            Duration idleTimeout) {}

    private record BufferReady(BufferLease buffer) implements Command {}

    private record BufferRefused(Throwable cause) implements Command {}

    private record IoDone(IoResult result) implements Command {}

    private record SealEnded(Optional<FragmentFooter> footer, Optional<Throwable> failure)
            implements Command {}

    private enum Idle implements Command {
        IDLE
    }

    private final Owner owner;
    private final WalResources resources;
    private final Fragment fragment;
    private final ActorRef<IoSchedulerActor.Completed> ioDone;
    private WritableFragment tip;
    private WriteGroup group;
    private CompletableFuture<BufferLease> ordered;
    private OpenGroup encoded;
    private WriteHold underWay;
    private ActorRef<Done> finishing;

    /// An actor for a fragment that grows.
    static Behavior<Command> growing(WritableFragment tip, Owner owner, WalResources resources) {
        return Behaviors.setup(
                context -> new FragmentActor(context, tip.fragment(), tip, owner, resources));
    }

    static Behavior<Command> sealed(Fragment fragment, Owner owner, WalResources resources) {
        return Behaviors.setup(
                context -> new FragmentActor(context, fragment, null, owner, resources)
                        .becomeSealed());
    }

    private FragmentActor(ActorContext<Command> context, Fragment fragment, WritableFragment tip,
            Owner owner, WalResources resources) {
        super(context);
        this.fragment = fragment;
        this.tip = tip;
        this.owner = owner;
        this.resources = resources;
        this.ioDone = context.messageAdapter(IoSchedulerActor.Completed.class,
                done -> new IoDone(done.result()));
    }

    private FragmentActor becomeSealed() {
        getContext().setReceiveTimeout(owner.idleTimeout(), Idle.IDLE);
        return this;
    }

    @Override
    public Behavior<Command> onMessage(Command command) {
        switch (command) {
            case WriteGroup write -> onWriteGroup(write);
            case BufferReady ready -> {
                ordered = null;
                encodeAndWrite(tip.memoryIn(ready.buffer()));
            }
            case BufferRefused refused -> refuseGroup(Causes.of(refused.cause()));
            case IoDone done -> onIoDone(done.result());
            case Sync _ -> submit(IoChain.of(syncOf(tip)), () -> {});
            case Lend lend -> onLend(lend);
            case Seal _ -> onSeal();
            case SealEnded ended -> onSealEnded(ended);
            case Finish finish -> onFinish(finish);
            case Idle _ -> owner.log().tell(
                    new LogEvent.FragmentIdle(fragment.firstId(), getContext().getSelf()));
            case Stop _ -> {
                return Behaviors.stopped();
            }
        }
        return this;
    }

    private void onWriteGroup(WriteGroup write) {
        group = write;
        Optional<GroupMemory> memory;
        try {
            memory = memoryFor(groupBytes());
        } catch (RuntimeException refused) {
            refuseGroup(refused);
            return;
        }
        memory.ifPresent(this::encodeAndWrite);
    }

    private long groupBytes() {
        return OpenGroup.bytesFor(OpenGroup.entriesBytes(group.payloads()));
    }

    /// Memory for a group of this size, or nothing where a buffer is on order.
    private Optional<GroupMemory> memoryFor(long groupBytes) {
        Optional<GroupMemory> own = tip.ownMemory(groupBytes);
        return own.isPresent() ? own
                : bufferOf(owner.ioMode().bufferBytesFor(groupBytes)).map(tip::memoryIn);
    }

    private Optional<BufferLease> bufferOf(long bytes) {
        if (bytes > resources.pool().slotBytes()) {
            return Optional.of(resources.pool().unpooled(bytes));
        }
        Optional<BufferLease> free = resources.pool().tryAcquire();
        if (free.isEmpty()) {
            orderBuffer();
        }
        return free;
    }

    private void orderBuffer() {
        ActorRef<Command> self = getContext().getSelf();
        ordered = resources.pool().acquireAsync().toCompletableFuture();
        ordered.whenComplete((buffer, failure) -> self
                .tell(failure == null ? new BufferReady(buffer) : new BufferRefused(failure)));
    }

    private void refuseGroup(Throwable cause) {
        group = null;
        owner.log().tell(new LogEvent.GroupRefused(WalException.Defect.orCause(cause)));
    }

    private void encodeAndWrite(GroupMemory memory) {
        try {
            copyPayloads(memory.bytes());
        } catch (RuntimeException | Error theirs) {
            memory.discard(groupBytes());
            refuseGroup(theirs);
            return;
        }
        try {
            encode(memory);
        } catch (RuntimeException | Error halfEncoded) {
            memory.release();
            throw halfEncoded; // nothing can be written behind it: the log is told that we end
        }
        OpenGroup closed = encoded;
        tip.put(closed, group.sync()).ifPresentOrElse(
                writes -> submit(group.isOneStep() ? writes.then(syncOf(tip)) : writes,
                        closed::release),
                this::onGroupWritten);
    }

    private void encode(GroupMemory memory) {
        encoded = tip.writer().beginGroup(memory);
        for (int i = 0; i < group.payloads().size(); i++) {
            encoded.addInPlace(group.payloads().get(i).sizeBytes(), group.continues().get(i));
        }
        encoded.close(group.durableId(), EpochNanos.now(resources.clock()));
    }

    /// Before the writer knows of the group: a payload is someone else's, and may fail.
    private void copyPayloads(MemorySegment buffer) {
        long at = OpenGroup.firstPayloadOffset();
        for (Payload payload : group.payloads()) {
            payload.copyTo(buffer, at);
            at += EntryHeader.entryBytes(payload.sizeBytes());
        }
    }

    private void submit(IoChain chain, Runnable giveBack) {
        underWay = new WriteHold(owner.access(), giveBack);
        resources.ioScheduler().tell(new IoSchedulerActor.Submit(chain, underWay, ioDone));
    }

    private void onIoDone(IoResult result) {
        switch (result) {
            case IoResult.Failed failed -> {
                encoded = null;
                owner.log().tell(new LogEvent.DiskFailed(failed.cause()));
                confirmFinished();
            }
            case IoResult.Done _ -> onIoSucceeded();
        }
    }

    private void onIoSucceeded() {
        if (finishing != null) {
            confirmFinished();
        } else if (encoded == null) {
            owner.log().tell(new LogEvent.Synced());
        } else if (group.isOneStep()) {
            tellWritten();
            owner.log().tell(new LogEvent.Synced());
        } else {
            onGroupWritten();
        }
    }

    private static IoOperation syncOf(WritableFragment fragment) {
        return new IoOperation.Fdatasync(fragment.file());
    }

    private void onGroupWritten() {
        boolean sync = group.sync();
        tellWritten();
        if (sync) {
            submit(IoChain.of(syncOf(tip)), () -> {});
        }
    }

    private void tellWritten() {
        owner.log().tell(new LogEvent.GroupWritten(LogEnd.of(tip.writer()),
                encoded.sizeBytes(), tip.writer().endOfData()));
        encoded = null;
        group = null;
    }

    private void onLend(Lend lend) {
        Lending.lend(lend.lender(), lend.slot(), lend.replyTo(), lend.visibleId());
    }

    private void onSeal() {
        boolean mayWrite = owner.access().tryUse();
        assert mayWrite : "the log is given back after its actors have stopped";
        WritableFragment complete = tip;
        FragmentFiles files = new FragmentFiles(resources.disk(), resources.scheduler(),
                fragment.path().getParent());
        CompletableFuture<FragmentFooter> sealing = CompletableFuture
                .supplyAsync(() -> files.seal(complete.file(), complete.writer()),
                        resources.blocking());
        sealing.whenComplete((_, _) -> owner.access().endUse());
        getContext().pipeToSelf(sealing,
                (footer, failure) -> new SealEnded(Optional.ofNullable(footer),
                        Optional.ofNullable(failure)));
    }

    private void onSealEnded(SealEnded ended) {
        tip.close();
        tip = null;
        ended.footer().ifPresent(fragment::sealed);
        becomeSealed();
        owner.log().tell(new LogEvent.FragmentSealed(ended.failure()));
    }

    private void onFinish(Finish finish) {
        finishing = finish.replyTo();
        if (!finish.appended()) {
            confirmFinished();
            return;
        }
        try {
            writeClosingRecord(finish.durableId());
        } catch (WalException.Overloaded noMemory) {
            getContext().getLog().debug("no closing record: {}", noMemory.getMessage());
            confirmFinished(); // the status page says as much
        }
    }

    private void writeClosingRecord(long durableId) {
        long bytes = OpenGroup.bytesFor(0);
        GroupMemory memory = tip.ownMemory(bytes).orElseGet(() -> tip.memoryIn(
                resources.pool().unpooled(owner.ioMode().bufferBytesFor(bytes))));
        OpenGroup record = tip.writer().beginGroup(memory);
        record.close(durableId, EpochNanos.now(resources.clock()));
        submit(tip.put(record, false).map(writes -> writes.then(syncOf(tip)))
                .orElseGet(() -> IoChain.of(syncOf(tip))), record::release);
    }

    private void confirmFinished() {
        if (finishing != null) {
            tip.close();
            finishing.tell(Done.done());
        }
    }

    @Override
    public Behavior<Command> onSignal(Signal signal) {
        if (signal instanceof PostStop) {
            letGo();
        }
        return this;
    }

    /// What is under way at the disk keeps its buffer, and the file open, until it has ended.
    private void letGo() {
        if (ordered != null && !ordered.cancel(false)) {
            ordered.thenAccept(BufferLease::close);
        }
        if (underWay != null) {
            underWay.abandon();
        }
        if (tip != null) {
            tip.close();
        }
    }
}
