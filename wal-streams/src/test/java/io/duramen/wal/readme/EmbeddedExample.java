package io.duramen.wal.readme;

// #region embedded
import io.duramen.wal.log.DiskLog;
import io.duramen.wal.log.Entry;
import io.duramen.wal.log.LogId;
import io.duramen.wal.log.LogReader;
import io.duramen.wal.log.LogSettings;
import io.duramen.wal.log.ReadRange;
import java.nio.file.Path;

class EmbeddedExample {
    public static void main(String[] args) {
        Path folder = Path.of(args[0]);
        try (DiskLog log = DiskLog.open(folder, LogId.of("orders"), LogSettings.defaults())) {
            long id = log.append("two apples".getBytes()); // returns when it is on the device
            System.out.println("appended " + id);
            try (LogReader reader = log.read(ReadRange.from(log.firstId()))) {
                for (Entry entry : reader) {
                    System.out.println(entry.id() + ": " + new String(entry.toByteArray()));
                }
            }
        }
    }
}
// #endregion
