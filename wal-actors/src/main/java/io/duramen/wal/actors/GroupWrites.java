package io.duramen.wal.actors;

import io.duramen.wal.WalException;
import io.duramen.wal.format.EntryHeader;
import io.duramen.wal.fragment.GroupMemory;
import io.duramen.wal.fragment.OpenGroup;
import io.duramen.wal.fragment.Payload;
import io.duramen.wal.io.IoChain;
import io.duramen.wal.io.IoOperation;
import io.duramen.wal.io.IoResult;
import io.duramen.wal.log.EpochNanos;
import io.duramen.wal.log.LogEnd;
import io.duramen.wal.log.WritableFragment;
import io.duramen.wal.memory.BufferLease;
import java.lang.foreign.MemorySegment;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.javadsl.ActorContext;

/// The groups of a fragment that grows, on their way to the disk: one is there, and one may be
/// encoded meanwhile. After a failure, and after its end, nothing more is written. Part of a
/// [FragmentActor].
final class GroupWrites {
    private final ActorContext<FragmentActor.Command> context;
    private final FragmentActor.Owner owner;
    private final WalResources resources;
    private final WritableFragment tip;
    private final ActorRef<IoSchedulerActor.Completed> ioDone;
    /// A group that waits for its buffer.
    private FragmentActor.WriteGroup asked;
    private CompletableFuture<BufferLease> ordered;
    /// A group that waits for the disk.
    private Encoded next;
    /// The group at the disk, until it is written.
    private Encoded atDisk;
    private boolean busy;
    private WriteHold underWay;
    private ActorRef<Done> finishing;
    private boolean over;

    /// A group in its memory, and what its log learns when it is written.
    private record Encoded(FragmentActor.WriteGroup request, OpenGroup group,
            LogEvent.GroupWritten written) {}

    GroupWrites(ActorContext<FragmentActor.Command> context, FragmentActor.Owner owner,
            WalResources resources, WritableFragment tip) {
        this.context = context;
        this.owner = owner;
        this.resources = resources;
        this.tip = tip;
        this.ioDone = context.messageAdapter(IoSchedulerActor.Completed.class,
                done -> new FragmentActor.IoDone(done.result()));
    }

    void add(FragmentActor.WriteGroup write) {
        if (over) {
            return; // the log is told, and has answered
        }
        asked = write;
        Optional<GroupMemory> memory;
        try {
            memory = memoryFor(groupBytes());
        } catch (RuntimeException refused) {
            refuse(refused);
            return;
        }
        memory.ifPresent(this::encode);
    }

    private long groupBytes() {
        return OpenGroup.bytesFor(OpenGroup.entriesBytes(asked.payloads()));
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
        ActorRef<FragmentActor.Command> self = context.getSelf();
        ordered = resources.pool().acquireAsync().toCompletableFuture();
        ordered.whenComplete((buffer, failure) -> self
                .tell(failure == null ? new FragmentActor.BufferReady(buffer)
                        : new FragmentActor.BufferRefused(failure)));
    }

    void onBuffer(BufferLease buffer) {
        ordered = null;
        if (asked == null) {
            buffer.close(); // it came too late
        } else {
            encode(tip.memoryIn(buffer));
        }
    }

    /// There is no memory for the group that was asked for, or its payloads are not to be had.
    void refuse(Throwable cause) {
        if (asked != null) {
            asked = null;
            owner.log().tell(new LogEvent.GroupRefused(WalException.Defect.orCause(cause)));
        }
    }

    private void encode(GroupMemory memory) {
        FragmentActor.WriteGroup request = asked;
        try {
            copyPayloads(request, memory.bytes());
        } catch (RuntimeException | Error theirs) {
            memory.discard(groupBytes());
            refuse(theirs);
            return;
        }
        asked = null;
        try {
            next = encoded(request, memory);
        } catch (RuntimeException | Error halfEncoded) {
            memory.release();
            throw halfEncoded; // nothing can be written behind it: the log is told that we end
        }
        if (!busy) {
            writeNext();
        }
        if (request.moreWaits()) {
            owner.log().tell(new LogEvent.GroupEncoded());
        }
    }

    /// Before the writer knows of the group: a payload is someone else's, and may fail.
    private static void copyPayloads(FragmentActor.WriteGroup request, MemorySegment memory) {
        long at = OpenGroup.firstPayloadOffset();
        for (Payload payload : request.payloads()) {
            payload.copyTo(memory, at);
            at += EntryHeader.entryBytes(payload.sizeBytes());
        }
    }

    private Encoded encoded(FragmentActor.WriteGroup request, GroupMemory memory) {
        OpenGroup group = tip.writer().beginGroup(memory);
        for (int i = 0; i < request.payloads().size(); i++) {
            group.addInPlace(request.payloads().get(i).sizeBytes(), request.continues().get(i));
        }
        group.close(request.durableId(), EpochNanos.now(resources.clock()));
        return new Encoded(request, group,
                new LogEvent.GroupWritten(LogEnd.of(tip.writer()), group.sizeBytes()));
    }

    /// Hands the group that waits to the disk, which has nothing else to do, unless a later writer
    /// has come.
    private void writeNext() {
        try {
            owner.fence().check();
        } catch (WalException.Fenced fenced) {
            fail(fenced);
            return;
        }
        atDisk = next;
        next = null;
        OpenGroup group = atDisk.group();
        boolean oneStep = atDisk.request().isOneStep();
        tip.put(group, atDisk.request().sync()).ifPresentOrElse(
                writes -> submit(oneStep ? writes.then(sync()) : writes, group::release),
                this::onGroupWritten);
    }

    /// Makes what is written durable; nothing is under way.
    void syncAll() {
        submit(IoChain.of(sync()), () -> {});
    }

    private IoOperation sync() {
        return new IoOperation.Fdatasync(tip.file());
    }

    private void submit(IoChain chain, Runnable giveBack) {
        busy = true;
        underWay = new WriteHold(owner.access(), giveBack);
        resources.ioScheduler().tell(new IoSchedulerActor.Submit(chain, underWay, ioDone));
    }

    void onIoDone(IoResult result) {
        busy = false;
        switch (result) {
            case IoResult.Failed failed -> {
                fail(failed.cause());
                confirmFinished();
            }
            case IoResult.Done _ when finishing != null -> confirmClosed();
            case IoResult.Done _ when over -> {
            }
            case IoResult.Done _ -> onIoSucceeded();
        }
    }

    private void onIoSucceeded() {
        if (atDisk == null) {
            onSynced();
        } else if (atDisk.request().isOneStep()) {
            tellWritten();
            onSynced();
        } else {
            onGroupWritten();
        }
    }

    private void onSynced() {
        owner.log().tell(new LogEvent.Synced());
        goOn();
    }

    private void onGroupWritten() {
        boolean syncs = atDisk.request().sync();
        tellWritten();
        if (syncs) {
            syncAll();
        } else {
            goOn();
        }
    }

    private void tellWritten() {
        owner.log().tell(atDisk.written());
        atDisk = null;
    }

    /// With the group that was encoded meanwhile.
    private void goOn() {
        if (next != null) {
            writeNext();
        }
    }

    /// The log is told, and knows that nothing is written that it is not told of.
    private void fail(WalException cause) {
        end();
        owner.log().tell(new LogEvent.DiskFailed(cause));
    }

    private void end() {
        over = true;
        asked = null;
        atDisk = null;
        if (next != null) {
            next.group().release();
            next = null;
        }
    }

    /// Closes the file. Nothing is under way, or the log has failed.
    void finish(FragmentActor.Finish finish) {
        finishing = finish.replyTo();
        if (!finish.clean()) {
            confirmFinished();
            return;
        }
        if (!finish.appended()) {
            syncAll(); // also of a group that was refused, and taken back in the mapped file
            return;
        }
        try {
            writeClosingRecord(finish.durableId());
        } catch (WalException.Overloaded noMemory) {
            context.getLog().debug("no closing record: {}", noMemory.getMessage());
            syncAll();
        }
    }

    private void writeClosingRecord(long durableId) {
        long bytes = OpenGroup.bytesFor(0);
        GroupMemory memory = tip.ownMemory(bytes).orElseGet(() -> tip.memoryIn(
                resources.pool().unpooled(owner.ioMode().bufferBytesFor(bytes))));
        OpenGroup record = tip.writer().beginGroup(memory);
        record.close(durableId, EpochNanos.now(resources.clock()));
        submit(tip.put(record, false).map(writes -> writes.then(sync()))
                .orElseGet(() -> IoChain.of(sync())), record::release);
    }

    private void confirmClosed() {
        tip.noteClosed(owner.fence());
        confirmFinished();
    }

    private void confirmFinished() {
        if (finishing != null) {
            end();
            tip.close();
            finishing.tell(Done.done());
            finishing = null;
        }
    }

    /// What is under way at the disk keeps its buffer, and the file open, until it has ended.
    void abandon() {
        end();
        if (ordered != null && !ordered.cancel(false)) {
            ordered.thenAccept(BufferLease::close);
        }
        if (underWay != null) {
            underWay.abandon();
        }
    }
}
