package io.duramen.wal.tools;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.stream.Attributes;
import org.apache.pekko.stream.FlowShape;
import org.apache.pekko.stream.Inlet;
import org.apache.pekko.stream.Outlet;
import org.apache.pekko.stream.stage.AbstractInHandler;
import org.apache.pekko.stream.stage.AbstractOutHandler;
import org.apache.pekko.stream.stage.GraphStageLogic;
import org.apache.pekko.stream.stage.GraphStage;
import org.apache.pekko.util.ByteString;

/// Turns chunks of input into entries. Where the input is wrong the stream ends in order behind the
/// last entry that was right, so that this and all before are appended and acknowledged; [#ended()]
/// then tells what was wrong.
final class SplitStage extends GraphStage<FlowShape<ByteString, ByteString>> {
    private final Inlet<ByteString> in = Inlet.create("split.chunks");
    private final Outlet<ByteString> out = Outlet.create("split.entries");
    private final FlowShape<ByteString, ByteString> shape = FlowShape.of(in, out);
    private final Splitter splitter;
    private final CompletableFuture<Void> ended = new CompletableFuture<>();
    private volatile boolean interrupted;

    /// @param splitter for one run of the stream
    SplitStage(Splitter splitter) {
        this.splitter = splitter;
    }

    /// Completes with the input, or fails with what is wrong with it.
    CompletionStage<Void> ended() {
        return ended;
    }

    /// From now on the end of the stream is not the end of the input: what has begun is no entry.
    void interrupt() {
        interrupted = true;
    }

    @Override
    public FlowShape<ByteString, ByteString> shape() {
        return shape;
    }

    @Override
    public GraphStageLogic createLogic(Attributes attributes) {
        return new Logic();
    }

    private final class Logic extends GraphStageLogic {
        Logic() {
            super(shape);
            setHandler(in, new AbstractInHandler() {
                @Override
                public void onPush() {
                    splitter.feed(grab(in));
                    emitNext();
                }

                @Override
                public void onUpstreamFinish() {
                    if (isAvailable(out)) {
                        emitLast();
                    }
                }

                @Override
                public void onUpstreamFailure(Throwable failure) {
                    endWith(failure);
                }
            });
            setHandler(out, new AbstractOutHandler() {
                @Override
                public void onPull() {
                    emitNext();
                }
            });
        }

        private void emitNext() {
            try {
                ByteString entry = splitter.next();
                if (entry != null) {
                    push(out, entry);
                } else if (isClosed(in)) {
                    emitLast();
                } else if (!hasBeenPulled(in)) {
                    pull(in);
                }
            } catch (RuntimeException wrong) {
                endWith(wrong);
            }
        }

        private void emitLast() {
            try {
                ByteString rest = interrupted ? null : splitter.end();
                if (rest != null) {
                    push(out, rest);
                }
                ended.complete(null);
                completeStage();
            } catch (RuntimeException wrong) {
                endWith(wrong);
            }
        }

        private void endWith(Throwable wrong) {
            ended.completeExceptionally(wrong);
            completeStage();
        }

        @Override
        public void postStop() {
            ended.complete(null);
        }
    }
}
