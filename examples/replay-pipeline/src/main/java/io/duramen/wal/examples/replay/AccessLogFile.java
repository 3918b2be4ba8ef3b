package io.duramen.wal.examples.replay;

import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.pekko.NotUsed;
import org.apache.pekko.japi.function.Creator;
import org.apache.pekko.stream.javadsl.Framing;
import org.apache.pekko.stream.javadsl.FramingTruncation;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.stream.javadsl.StreamConverters;
import org.apache.pekko.util.ByteString;

/// Where the lines come from. It can be read any number of times.
///
/// @param name what it is called in messages
/// @param sizeBytes its size
/// @param open starts to read it
record AccessLogFile(String name, long sizeBytes, Creator<InputStream> open) {
    /// A longer line fails the stream.
    static final int LINE_BYTES_MAX = 1 << 20;

    private static final int CHUNK_BYTES = 64 << 10;
    private static final ByteString LINE_FEED = ByteString.fromString("\n");

    /// @throws FileSystemException when there is no such file, or it is a directory
    static AccessLogFile of(Path file) throws IOException {
        if (Files.isDirectory(file)) {
            throw new FileSystemException(file.toString(), null, "it is a directory");
        }
        return new AccessLogFile(file.toString(), Files.size(file),
                () -> Files.newInputStream(file));
    }

    /// Half an hour of an invented web site.
    static AccessLogFile sample() throws IOException {
        URL sample = AccessLogFile.class.getResource("access.log");
        return new AccessLogFile("the bundled sample", sample.openConnection().getContentLength(),
                sample::openStream);
    }

    /// Its lines as they are, without the line feed at their end; an empty line is an empty string
    /// of bytes.
    Source<ByteString, NotUsed> lines() {
        return StreamConverters.fromInputStream(open, CHUNK_BYTES)
                .via(Framing.delimiter(LINE_FEED, LINE_BYTES_MAX, FramingTruncation.ALLOW))
                .mapMaterializedValue(_ -> NotUsed.getInstance());
    }
}
