using System.Runtime.Versioning;

namespace Mimir.Embed.Older;

/// <summary>What is tested here is the build that older runtimes load.</summary>
public sealed class SurfaceTests
{
    [Fact]
    public void Assembly_Tested_IsTheOneForNetStandard() =>
        Assert.Equal(".NETStandard,Version=v2.1", ((TargetFrameworkAttribute)typeof(Hosting.McpHost).Assembly.GetCustomAttributes(typeof(TargetFrameworkAttribute), false).Single()).FrameworkName);

    /// <summary>Consoles and phones compile nothing while they run.</summary>
    [Fact]
    public void Assembly_Tested_RefersToNoEmitAndNoExpressions() =>
        Assert.DoesNotContain(typeof(Hosting.McpHost).Assembly.GetReferencedAssemblies(), static a => a.Name is "System.Reflection.Emit" or "System.Linq.Expressions" or "Microsoft.CSharp");
}
