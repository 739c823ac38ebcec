namespace Mimir.Management.Tests.Tools;

public sealed class Management_2024_11_05 : ManagementSpecification
{
    protected override string Revision => "2024-11-05";
}

public sealed class Management_2025_11_25 : ManagementSpecification
{
    protected override string Revision => "2025-11-25";
}

public sealed class Management_2026_07_28 : ManagementSpecification
{
    protected override string Revision => "2026-07-28";
}
