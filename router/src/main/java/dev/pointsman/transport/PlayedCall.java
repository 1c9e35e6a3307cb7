package dev.pointsman.transport;

import dev.pointsman.core.Failure;
import dev.pointsman.transport.Transport.Cancellable;
import dev.pointsman.transport.Transport.Lane;
import dev.pointsman.transport.Transport.Receiver;

import java.time.Duration;
import java.util.Iterator;

/** A call that is played step by step. Everything runs on its lane. */
final class PlayedCall implements Transport.Sent {

    private final Lane lane;
    private final Receiver receiver;
    private final Iterator<Step> steps;
    private Cancellable timer = () -> {};
    private boolean waiting;
    private boolean paused;
    private boolean playing;
    private boolean over;

    PlayedCall(Lane lane, Receiver receiver, Iterator<Step> steps) {
        this.lane = lane;
        this.receiver = receiver;
        this.steps = steps;
    }

    /** Begins soon, never before this returns. */
    PlayedCall start() {
        await(Duration.ZERO);
        return this;
    }

    private void await(Duration time) {
        waiting = true;
        timer =
                lane.after(
                        time,
                        () -> {
                            waiting = false;
                            play();
                        });
    }

    /** What a step leads to may pause, resume or cancel this very call. */
    private void play() {
        if (playing) {
            return;
        }
        playing = true;
        while (!over && !paused && !waiting && steps.hasNext()) {
            take(steps.next());
        }
        playing = false;
    }

    private void take(Step step) {
        switch (step) {
            case Step.Head head -> receiver.head(head.status(), head.headers());
            case Step.Bytes bytes -> receiver.bytes(bytes.bytes());
            case Step.Wait wait -> await(wait.time());
            case Step.End end -> {
                over = true;
                receiver.end();
            }
            case Step.Broken broken -> {
                over = true;
                receiver.failed(new Failure.Network(broken.phase(), broken.message()));
            }
        }
    }

    @Override
    public void cancel() {
        over = true;
        timer.cancel();
    }

    @Override
    public void pause() {
        paused = true;
    }

    @Override
    public void resume() {
        paused = false;
        play();
    }
}
