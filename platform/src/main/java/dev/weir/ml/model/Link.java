package dev.weir.ml.model;

/** How a prediction is made of what a model adds up. */
public enum Link {
    /** It is the sum. */
    IDENTITY,
    /** It is the sigmoid of the sum: the probability of the positive class. */
    LOGISTIC,
    /** It is the softmax of the sums: a probability for each of many classes. */
    SOFTMAX
}
