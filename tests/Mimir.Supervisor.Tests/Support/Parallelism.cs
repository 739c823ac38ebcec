using Xunit;

// Descriptors, zombies and times are counted for the whole process.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
