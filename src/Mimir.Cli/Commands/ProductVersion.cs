using System.Reflection;

namespace Mimir.Cli.Commands;

/// <summary>The version of this build.</summary>
internal static class ProductVersion
{
    /// <summary>As packages have it, e.g. <c>0.1.0</c>.</summary>
    public static string Text { get; } =
        typeof(ProductVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "0.0.0";
}
