// A class is a transport, and five routers run side by side: most of the time each waits for something.
[assembly: CollectionBehavior(MaxParallelThreads = 5)]
