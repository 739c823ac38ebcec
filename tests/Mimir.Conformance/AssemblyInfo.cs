// The suite gives some answers half a second; runs that share two processors would take it from one another.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
