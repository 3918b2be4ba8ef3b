package io.duramen.wal.actors;

import io.duramen.wal.format.FragmentFooter;
import io.duramen.wal.fragment.Fragment;
import io.duramen.wal.fragment.FragmentFiles;
import io.duramen.wal.fragment.FragmentLease;
import io.duramen.wal.fragment.Payload;
import io.duramen.wal.io.IoResult;
import io.duramen.wal.log.IoMode;
import io.duramen.wal.log.WritableFragment;
import io.duramen.wal.log.WriterFence;
import io.duramen.wal.memory.BufferLease;
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
/// written, one at a time, each started by its [LogActor], which may start one while another is at
/// the disk; then it seals. A sealed fragment only lends its mapping, and asks to be stopped when
/// nobody has asked for it for a while.
public final class FragmentActor extends AbstractMatchingBehavior<FragmentActor.Command> {
    sealed interface Command extends NoSerializationVerificationNeeded {}

    /// Writes a group and tells the log when it is written and, where it is to be synced, when it
    /// is durable. Where the log has more it is also told when the group is encoded, and may send
    /// the next one then.
    ///
    /// @param writtenMatters somebody wants to know as soon as it is written
    /// @param moreWaits the log has another group to send
    record WriteGroup(List<Payload> payloads, BitSet continues, boolean sync,
            boolean writtenMatters, boolean moreWaits, long durableId) implements Command {
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

    /// Closes the file. Nothing is under way, unless the log was fenced.
    ///
    /// @param clean all of the log is durable: leave behind it what says so
    /// @param appended a record of the close is worth its while
    record Finish(boolean clean, boolean appended, long durableId, ActorRef<Done> replyTo)
            implements Command {}

    /// Nobody will ask any more: stop, behind what was asked.
    enum Stop implements Command {
        STOP
    }

    /// What a fragment's actor must know of its log.
    ///
    /// @param log the actor that is told how things went
    /// @param access the right to write, for as long as something writes
    record Owner(ActorRef<LogActor.Command> log, WriteAccess access, WriterFence fence,
            IoMode ioMode, Duration idleTimeout) {}

    record BufferReady(BufferLease buffer) implements Command {}

    record BufferRefused(Throwable cause) implements Command {}

    record IoDone(IoResult result) implements Command {}

    private record SealEnded(Optional<FragmentFooter> footer, Optional<Throwable> failure)
            implements Command {}

    private enum Idle implements Command {
        IDLE
    }

    private final Owner owner;
    private final WalResources resources;
    private final Fragment fragment;
    private WritableFragment tip;
    private GroupWrites groups;

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
        this.groups = tip == null ? null : new GroupWrites(context, owner, resources, tip);
    }

    private FragmentActor becomeSealed() {
        getContext().setReceiveTimeout(owner.idleTimeout(), Idle.IDLE);
        return this;
    }

    @Override
    public Behavior<Command> onMessage(Command command) {
        switch (command) {
            case WriteGroup write -> groups.add(write);
            case BufferReady ready -> groups.onBuffer(ready.buffer());
            case BufferRefused refused -> groups.refuse(Causes.of(refused.cause()));
            case IoDone done -> groups.onIoDone(done.result());
            case Sync _ -> groups.syncAll();
            case Lend lend -> onLend(lend);
            case Seal _ -> onSeal();
            case SealEnded ended -> onSealEnded(ended);
            case Finish finish -> groups.finish(finish);
            case Idle _ -> owner.log().tell(
                    new LogEvent.FragmentIdle(fragment.firstId(), getContext().getSelf()));
            case Stop _ -> {
                return Behaviors.stopped();
            }
        }
        return this;
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
        groups = null;
        ended.footer().ifPresent(fragment::sealed);
        becomeSealed();
        owner.log().tell(new LogEvent.FragmentSealed(ended.failure()));
    }

    @Override
    public Behavior<Command> onSignal(Signal signal) {
        if (signal instanceof PostStop && tip != null) {
            groups.abandon();
            tip.close();
        }
        return this;
    }
}
