using Mimir.Embed.Scene.Components;
using Mimir.Embed.Scene.InMemory;

namespace Mimir.Embed.Tests.Scene;

/// <summary>What the app did not show cannot be reached.</summary>
public sealed class AllowListTests
{
    private const string Space = "Mimir.Embed.Tests.Scene.AllowListTests+";

    [Fact]
    public async Task Components_NothingMarked_AreNotThere()
    {
        await using var stage = await Stage.OpenAsync();
        stage.Scene.Add("Hero").With(new Secret()).With(new Purse());

        Assert.Equal($"Components of 'Hero':\n- {Space}Purse", await stage.TextAsync("inspector_component_list", "path", "Hero"));
        foreach (var spelling in new[] { "Secret", Space + "Secret", "secret", "Secret[1]", "Object", "System.Object", "System.String", typeof(Secret).AssemblyQualifiedName, "*", "", " Purse", "Purse ", "purse" })
        {
            var message = await stage.RefusedAsync("inspector_property_inspect", "path", "Hero", "component_type", spelling);
            Assert.Contains($"has no component '{spelling}'. It has: {Space}Purse.", message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Properties_NothingMarked_AreNeitherReadNorSetByAnySpelling()
    {
        await using var stage = await Stage.OpenAsync();
        var purse = new Purse();
        stage.Scene.Add("Hero").With(purse);

        var told = await stage.JsonAsync("inspector_property_inspect", "path", "Hero", "component_type", "Purse");
        Assert.Equal(["Coins", "Owner"], told.GetProperty("properties").EnumerateArray().Select(static p => p.GetProperty("name").GetString()!).Order(StringComparer.Ordinal));
        Assert.DoesNotContain("1234", told.GetRawText(), StringComparison.Ordinal);
        foreach (var spelling in new[] { "Pin", "pin", "_pin", "<Coins>k__BackingField", "set_Coins", "Owner.Pin", "Owner/Pin", "Owner[0]", "Count", "BasePin", "Static", "coins", " Coins", "Coins ", "Coins\0", "Item", "" })
        {
            var message = await stage.RefusedAsync("inspector_property_set_string", "path", "Hero", "component_type", "Purse", "property_name", spelling, "property_value", "0");
            Assert.Contains($"has no property '{spelling}'", message, StringComparison.Ordinal);
            await stage.RefusedAsync("inspector_property_set_float", "path", "Hero", "component_type", "Purse", "property_name", spelling, "property_value", 0);
        }

        Assert.Equal(("1234", "1234", "1234", 5), (purse.Pin, purse.Owner.Pin, purse.BasePin, purse.Coins));
    }

    [Fact]
    public async Task Properties_ObjectOfAnotherType_IsNamedAndNotLookedInto()
    {
        await using var stage = await Stage.OpenAsync();
        stage.Scene.Add("Hero").With(new Purse());

        var told = await stage.JsonAsync("inspector_property_inspect", "path", "Hero", "component_type", "Purse");

        Assert.Contains("""{"name":"Owner","type":"Secret","value":null,"writable":false}""", told.GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ExposureList_MembersOfTypesWithoutMarks_AreShownAsListed()
    {
        var list = new ExposureList().Add<Secret>().AddReadOnly<Plain>(nameof(Plain.Name)).Add<Plain>(nameof(Plain.Size)).AddAllPublic<Open>();
        await using var stage = await Stage.OpenAsync(new InMemoryScene(exposure: list));
        var plain = new Derived();
        stage.Scene.Add("Hero").With(new Secret()).With(plain).With(new Open());

        Assert.Equal("[]", (await stage.JsonAsync("inspector_property_inspect", "path", "Hero", "component_type", "Secret")).GetProperty("properties").GetRawText());
        var told = (await stage.JsonAsync("inspector_property_inspect", "path", "Hero", "component_type", "Derived")).GetProperty("properties").GetRawText();
        Assert.Equal("""[{"name":"Name","type":"string","value":"n","writable":false},{"name":"Size","type":"int","value":1,"writable":true}]""", told);
        Assert.Equal("""[{"name":"A","type":"int","value":1,"writable":true},{"name":"B","type":"int","value":2,"writable":true}]""", (await stage.JsonAsync("inspector_property_inspect", "path", "Hero", "component_type", "Open")).GetProperty("properties").GetRawText());
        await stage.RefusedAsync("inspector_property_set_string", "path", "Hero", "component_type", "Derived", "property_name", "Name", "property_value", "m");
        await stage.TextAsync("inspector_property_set_float", "path", "Hero", "component_type", "Derived", "property_name", "Size", "property_value", 4);
        Assert.Equal(("n", 4), (plain.Name, plain.Size));
    }

    [Fact]
    public void ExposureList_MemberThatIsNotThere_IsAnError()
    {
        var error = Assert.Throws<ArgumentException>(() => new ExposureList().Add<Plain>("Sise"));

        Assert.Contains("has no field or property Sise", error.Message, StringComparison.Ordinal);
    }

    private class Base
    {
        public string BasePin = "1234";
    }

    private sealed class Purse : Base
    {
        public static string Static = "1234";

        private readonly string _pin = "1234";

        public string Pin => _pin;

        [Exposed]
        public int Coins { get; set; } = 5;

        [Exposed]
        public Secret Owner { get; set; } = new();

        public int Count { get; set; }

        public int this[int i] => i;
    }

    private sealed class Secret
    {
        public string Pin { get; set; } = "1234";
    }

    private class Plain
    {
        public string Name { get; set; } = "n";

        public int Size { get; set; } = 1;

        public int Other { get; set; } = 2;
    }

    private sealed class Derived : Plain;

    private sealed class Open
    {
        public int A = 1;

        public int B { get; set; } = 2;

        internal int C { get; set; } = 3;
    }
}
