package dev.pointsman;

import dev.pointsman.classify.Cascade;
import dev.pointsman.core.Recorder;
import dev.pointsman.decide.Decider;
import dev.pointsman.policy.Policy;

import java.time.Clock;

/** What a router is made of. */
record RouterParts(
        Policy policy,
        Recorder recorder,
        boolean practice,
        Clock clock,
        DecisionIds ids,
        Cascade cascade,
        Decider decider,
        Connection connection) {}
