package dev.pointsman.catalog;

/** A list of models that cannot be taken. Its message says where and why. */
public final class CatalogException extends RuntimeException {

    private static final long serialVersionUID = 1;

    public CatalogException(String message) {
        super(message);
    }
}
