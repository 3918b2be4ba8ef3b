package io.duramen.wal.tools;

import io.duramen.wal.streams.WalEntry;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.stream.Attributes;
import org.apache.pekko.stream.Inlet;
import org.apache.pekko.stream.SinkShape;
import org.apache.pekko.stream.stage.AbstractInHandler;
import org.apache.pekko.stream.stage.AsyncCallback;
import org.apache.pekko.stream.stage.GraphStage;
import org.apache.pekko.stream.stage.GraphStageLogic;
import org.apache.pekko.util.ByteString;

/// Prints entries through a buffer that is written out when the stream ends, however it ends, and
/// where asked for also whenever no further entry is at hand.
///
/// That the reader of the output has gone is the end of the stream and no failure.
final class PrintStage extends GraphStage<SinkShape<WalEntry>> {
    private static final int BUFFER_BYTES = 128 << 10;

    private final Inlet<WalEntry> in = Inlet.create("print.entries");
    private final SinkShape<WalEntry> shape = SinkShape.of(in);
    private final EntryFormat format;
    private final OutputStream out;
    private final boolean flushWhenIdle;
    private final CompletableFuture<Void> ended = new CompletableFuture<>();

    /// @param format for one run of the stream
    PrintStage(EntryFormat format, OutputStream out, boolean flushWhenIdle) {
        this.format = format;
        this.out = new BufferedOutputStream(out, BUFFER_BYTES);
        this.flushWhenIdle = flushWhenIdle;
    }

    /// Completes when all is written out, or nobody reads it any more.
    CompletionStage<Void> ended() {
        return ended;
    }

    @Override
    public SinkShape<WalEntry> shape() {
        return shape;
    }

    @Override
    public GraphStageLogic createLogic(Attributes attributes) {
        return new Logic();
    }

    private final class Logic extends GraphStageLogic {
        private AsyncCallback<ByteString> whenIdle;
        private boolean flushDue;

        Logic() {
            super(shape);
            setHandler(in, new AbstractInHandler() {
                @Override
                public void onPush() {
                    print(grab(in));
                }

                @Override
                public void onUpstreamFinish() {
                    if (flush()) {
                        ended.complete(null);
                        completeStage();
                    }
                }

                @Override
                public void onUpstreamFailure(Throwable failure) {
                    if (flush()) {
                        ended.completeExceptionally(failure);
                        completeStage();
                    }
                }
            });
        }

        @Override
        public void preStart() {
            whenIdle = createAsyncCallback(_ -> {
                flushDue = false;
                flush();
            });
            pull(in);
        }

        private void print(WalEntry entry) {
            try {
                format.print(entry, out);
            } catch (IOException failure) {
                endWith(failure);
                return;
            }
            if (flushWhenIdle && !flushDue) {
                flushDue = true; // handled when the stream has nothing else to do
                whenIdle.invoke(ByteString.emptyByteString());
            }
            pull(in);
        }

        /// @return false where that failed and the stream has ended
        private boolean flush() {
            try {
                out.flush();
                return true;
            } catch (IOException failure) {
                endWith(failure);
                return false;
            }
        }

        private void endWith(IOException failure) {
            if (ClosedPipe.isMeantBy(failure)) {
                ended.complete(null);
            } else {
                ended.completeExceptionally(failure);
            }
            completeStage();
        }

        @Override
        public void postStop() {
            ended.complete(null);
        }
    }
}
