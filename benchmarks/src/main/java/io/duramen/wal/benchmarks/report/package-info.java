/// How do samples become a page that people read?
///
/// [Results][io.duramen.wal.benchmarks.report.Results] answers questions about samples with a
/// [Spread][io.duramen.wal.benchmarks.report.Spread];
/// [Report][io.duramen.wal.benchmarks.report.Report] and `ResultTable` write Markdown;
/// [Pages][io.duramen.wal.benchmarks.report.Pages] puts it where it belongs.
/// [Machine][io.duramen.wal.benchmarks.report.Machine] says where it was measured. Nothing in here
/// knows a number that was not measured.
package io.duramen.wal.benchmarks.report;
