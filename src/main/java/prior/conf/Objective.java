package prior.conf; public enum Objective { X_START, NOISE, V }
