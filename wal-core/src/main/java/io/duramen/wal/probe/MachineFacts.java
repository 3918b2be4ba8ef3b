package io.duramen.wal.probe;

/// What a process runs on, in words; for reports.
///
/// @param java version and maker of the virtual machine
/// @param system kernel and release
/// @param processor architecture
/// @param processors how many this process may use
public record MachineFacts(String java, String system, String processor, int processors) {
    /// Of this process.
    public static MachineFacts ofThisProcess() {
        return new MachineFacts(
                System.getProperty("java.version") + " (" + System.getProperty("java.vendor")
                        + ", " + System.getProperty("java.vm.name") + ")",
                System.getProperty("os.name") + " " + System.getProperty("os.version"),
                System.getProperty("os.arch"), Runtime.getRuntime().availableProcessors());
    }
}
