// The tests start many processes and measure time: one after the other, on as many cores as there are.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
