namespace Mimir.Router.Catalog;

/// <summary>The four lists a server offers.</summary>
public enum ListKind : byte
{
    /// <summary>Tools.</summary>
    Tools,

    /// <summary>Prompts.</summary>
    Prompts,

    /// <summary>Resources.</summary>
    Resources,

    /// <summary>Resource templates.</summary>
    Templates,
}
