package dev.pointsman.gateway;

/** What the answers called {@code structured} contain, as SDKs derive a schema from it. */
public final class Report {
    public String city = "";
    public double celsius;
    public boolean sunny;
}
