namespace Mimir.Faults.Clusters;

/// <summary>What goes on while a call is made.</summary>
internal enum Weathers
{
    /// <summary>Nothing that is measured.</summary>
    None,

    /// <summary>All members are well.</summary>
    Calm,

    /// <summary>One of them suffers.</summary>
    Stormy,
}
