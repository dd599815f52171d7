# expect: outcome.forbidden
# score: 0

def classify(task, X_train, y_train, X_test):
    from sklearn.neighbors import KNeighborsClassifier
    return KNeighborsClassifier(3).fit(X_train, y_train).predict(X_test)
