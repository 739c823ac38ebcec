// Tests of threads would disturb each other's measure of "at once" on a small machine.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
