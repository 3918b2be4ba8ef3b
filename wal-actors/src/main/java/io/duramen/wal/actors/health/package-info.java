/// Answers to "may this instance be sent work?", in the form that Pekko Management's health checks
/// are configured in: classes with a constructor that takes an actor system, which supply a stage
/// of a Boolean. Nothing here depends on that library.
///
/// 1. [WalStarted][io.duramen.wal.actors.health.WalStarted] - for `startup-checks`;
/// 2. [WalReady][io.duramen.wal.actors.health.WalReady] - for `readiness-checks`.
package io.duramen.wal.actors.health;
