namespace Mimir.Cli.Tests.Demo;

public sealed class DemoServer_2024_11_05 : DemoServerSpecification
{
    protected override string Revision => "2024-11-05";
}

public sealed class DemoServer_2025_03_26 : DemoServerSpecification
{
    protected override string Revision => "2025-03-26";
}

public sealed class DemoServer_2025_06_18 : DemoQuestionSpecification
{
    protected override string Revision => "2025-06-18";
}

public sealed class DemoServer_2025_11_25 : DemoQuestionSpecification
{
    protected override string Revision => "2025-11-25";
}

public sealed class DemoServer_2026_07_28 : DemoQuestionSpecification
{
    protected override string Revision => "2026-07-28";
}
