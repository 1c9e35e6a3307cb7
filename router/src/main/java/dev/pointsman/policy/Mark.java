package dev.pointsman.policy;

/** A place in a policy file; line and column count from 1. */
record Mark(String file, int line, int column) {

    @Override
    public String toString() {
        return file + ":" + line + ":" + column;
    }
}
