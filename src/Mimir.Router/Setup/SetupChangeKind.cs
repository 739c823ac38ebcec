namespace Mimir.Router.Setup;

/// <summary>What is to be done.</summary>
public enum SetupChangeKind : byte
{
    /// <summary>A host is written into the inventory.</summary>
    AddHost,

    /// <summary>A service is written into the inventory.</summary>
    AddService,

    /// <summary>A plugin is fetched or copied into the folder of plugins.</summary>
    InstallPlugin,

    /// <summary>A plugin is taken out of the folder of plugins.</summary>
    RemovePlugin,

    /// <summary>A plugin is switched on.</summary>
    EnablePlugin,

    /// <summary>A plugin is switched off.</summary>
    DisablePlugin,

    /// <summary>A manifest is written for a program.</summary>
    ScaffoldPlugin,

    /// <summary>A server is written down.</summary>
    AddServer,

    /// <summary>A server is removed.</summary>
    RemoveServer,

    /// <summary>A server is switched on.</summary>
    EnableServer,

    /// <summary>A server is switched off.</summary>
    DisableServer,
}
