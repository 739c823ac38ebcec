using Mimir.Embed.Scene.Components;
using Mimir.Embed.Scene.Values;
using ModelContextProtocol;

namespace Mimir.Embed.Tests.Scene;

/// <summary>What nodes are made of: told and set.</summary>
public sealed class PropertyTests
{
    private const string Type = "Mimir.Embed.Tests.Scene.PropertyTests+Mover";

    [Fact]
    public async Task List_Components_TellsTheirTypes()
    {
        await using var stage = await Stage.OpenAsync();
        stage.Scene.Add("Hero").With(new Mover()).With(new Badge()).With(new Badge());
        stage.Scene.Add("Empty");

        Assert.Equal($"Components of 'Hero':\n- {Type}\n- Mimir.Embed.Tests.Scene.PropertyTests+Badge[1]\n- Mimir.Embed.Tests.Scene.PropertyTests+Badge[2]", await stage.TextAsync("inspector_component_list", "path", "Hero"));
        Assert.Equal("'Empty' has no components that are shown.", await stage.TextAsync("inspector_component_list", "path", "Empty"));
    }

    [Theory]
    [InlineData("Mover")]
    [InlineData(Type)]
    public async Task Inspect_EachType_TellsNamesTypesValuesAndWhatCanBeSet(string type)
    {
        await using var stage = await Stage.OpenAsync();
        stage.Scene.Add("Hero").With(new Mover());

        var told = await stage.JsonAsync("inspector_property_inspect", "path", "Hero", "component_type", type);

        Assert.Equal(("Hero", Type), (told.GetProperty("path").GetString(), told.GetProperty("component").GetString()));
        Assert.Equal(
            [
                """{"name":"Title","type":"string","value":"Knight","writable":true}""",
                """{"name":"IsFlying","type":"boolean","value":false,"writable":true}""",
                """{"name":"Speed","type":"float","value":1.5,"writable":true}""",
                """{"name":"Weight","type":"double","value":80.5,"writable":true}""",
                """{"name":"Lives","type":"int","value":3,"writable":true}""",
                """{"name":"Level","type":"byte","value":7,"writable":true}""",
                """{"name":"Luck","type":"int","value":null,"writable":true}""",
                """{"name":"Mood","type":"enum (Calm, Angry)","value":"Calm","writable":true}""",
                """{"name":"Key","type":"char","value":"k","writable":true}""",
                """{"name":"Aim","type":"vector2","value":{"x":1,"y":2},"writable":true}""",
                """{"name":"Goal","type":"vector3","value":{"x":1,"y":2,"z":3},"writable":true}""",
                """{"name":"Tint","type":"color","value":{"r":1,"g":0.5,"b":0,"a":1},"writable":true}""",
                """{"name":"Marks","type":"int[]","value":[1,2,3],"writable":false}""",
                """{"name":"Path","type":"vector2[]","value":[{"x":0,"y":1}],"writable":false}""",
                """{"name":"Tags","type":"string[]","value":["a","b"],"writable":false}""",
                """{"name":"Broken","type":"float","value":null,"writable":false,"error":"It could not be read: no wind"}""",
                """{"name":"Total","type":"int","value":4,"writable":false}""",
                """{"name":"Fixed","type":"int","value":9,"writable":false}""",
                """{"name":"Made","type":"int","value":8,"writable":false}""",
                """{"name":"Guarded","type":"int","value":6,"writable":false}""",
                """{"name":"_hidden","type":"int","value":5,"writable":true}""",
            ],
            told.GetProperty("properties").EnumerateArray().OrderBy(static p => Array.IndexOf(Mover.Order, p.GetProperty("name").GetString())).Select(static p => p.GetRawText()));
    }

    [Fact]
    public async Task Set_EachType_SetsItAndSaysSo()
    {
        await using var stage = await Stage.OpenAsync();
        var mover = new Mover();
        stage.Scene.Add("Hero").With(mover);

        Assert.Equal($"Updated 'Title' of {Type} on 'Hero' to King.", await SetAsync(stage, "string", "Title", "property_value", "King"));
        Assert.EndsWith("to Angry.", await SetAsync(stage, "string", "Mood", "property_value", "angry"), StringComparison.Ordinal);
        Assert.EndsWith("to x.", await SetAsync(stage, "string", "Key", "property_value", "x"), StringComparison.Ordinal);
        Assert.EndsWith("to true.", await SetAsync(stage, "boolean", "IsFlying", "property_value", "True"), StringComparison.Ordinal);
        Assert.EndsWith("to 2.25.", await SetAsync(stage, "float", "Speed", "property_value", 2.25), StringComparison.Ordinal);
        Assert.EndsWith("to 1E+300.", await SetAsync(stage, "float", "Weight", "property_value", 1e300), StringComparison.Ordinal);
        Assert.EndsWith("to 12.", await SetAsync(stage, "float", "Lives", "property_value", "12"), StringComparison.Ordinal);
        Assert.EndsWith("to 2.", await SetAsync(stage, "float", "Luck", "property_value", 2), StringComparison.Ordinal);
        Assert.EndsWith("to (3, -4.5).", await SetAsync(stage, "vector2", "Aim", "value_x", 3, "value_y", -4.5), StringComparison.Ordinal);
        Assert.EndsWith("to (3, 4, 5).", await SetAsync(stage, "vector3", "Goal", "value_x", 3, "value_y", 4, "value_z", 5), StringComparison.Ordinal);
        Assert.EndsWith("to RGBA(0, 0.5, 1, 1).", await SetAsync(stage, "color", "Tint", "color_r", 0, "color_g", 0.5, "color_b", 1), StringComparison.Ordinal);

        Assert.Equal(("King", Mover.Moods.Angry, 'x', true, 2.25f, 1e300, 12, 2), (mover.Title, mover.Mood, mover.Key, mover.IsFlying, mover.Speed, mover.Weight, mover.Lives, mover.Luck));
        Assert.Equal((new Vec2(3, -4.5f), new Vec3(3, 4, 5), new Rgba(0, 0.5f, 1)), (mover.Aim, mover.Goal, mover.Tint));
    }

    [Theory]
    [InlineData("float", "Lives", 2.5, "it has a fraction")]
    [InlineData("float", "Level", 256, "too large or too small")]
    [InlineData("float", "Level", -1, "too large or too small")]
    [InlineData("float", "Speed", 1e39, "too large or too small")]
    [InlineData("float", "Lives", 1e300, "too large or too small")]
    [InlineData("float", "Title", 1, "is string and not float")]
    [InlineData("string", "Speed", "1", "is float and not string")]
    [InlineData("string", "Mood", "0", "none of Calm, Angry")]
    [InlineData("string", "Key", "kk", "not one character")]
    [InlineData("boolean", "IsFlying", "yes", "could not be converted to boolean")]
    [InlineData("boolean", "Lives", true, "is int and not boolean")]
    [InlineData("float", "Total", 1, "can be read and not set")]
    [InlineData("float", "Fixed", 1, "can be read and not set")]
    [InlineData("float", "Made", 1, "can be read and not set")]
    [InlineData("float", "Guarded", 1, "can be read and not set")]
    [InlineData("string", "Marks", "1", "is int[] and not string")]
    [InlineData("float", "Speed", -1, "Speed is below nothing.")]
    [InlineData("float", "speed", 1, "has no property 'speed'. It has: ")]
    public async Task Set_WhatDoesNotFit_IsRefusedAndChangesNothing(string tool, string property, object value, string words)
    {
        await using var stage = await Stage.OpenAsync();
        var mover = new Mover();
        stage.Scene.Add("Hero").With(mover);

        var message = await stage.RefusedAsync($"inspector_property_set_{tool}", "path", "Hero", "component_type", "Mover", "property_name", property, "property_value", value);

        Assert.Contains(words, message, StringComparison.Ordinal);
        Assert.Equal((3, (byte)7, 1.5f, "Knight", Mover.Moods.Calm, false), (mover.Lives, mover.Level, mover.Speed, mover.Title, mover.Mood, mover.IsFlying));
    }

    [Theory]
    [InlineData("color_r", 1.01)]
    [InlineData("color_g", -0.01)]
    [InlineData("color_a", 2)]
    public async Task SetColor_BeyondTheBounds_IsRefused(string channel, double value)
    {
        await using var stage = await Stage.OpenAsync();
        stage.Scene.Add("Hero").With(new Mover());
        var arguments = Stage.Of("path", "Hero", "component_type", "Mover", "property_name", "Tint", "color_r", 0, "color_g", 0, "color_b", 0);
        arguments[channel] = value;

        var error = await Assert.ThrowsAsync<McpProtocolException>(async () => await stage.Client.CallToolAsync("inspector_property_set_color", arguments));

        Assert.Equal(McpErrorCode.InvalidParams, error.ErrorCode);
        Assert.Contains(channel, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Set_TwoOfOneType_SaysSoAndTakesANumber()
    {
        await using var stage = await Stage.OpenAsync();
        var (one, two) = (new Badge(), new Badge());
        stage.Scene.Add("Hero").With(one).With(two);

        var message = await stage.RefusedAsync("inspector_property_set_string", "path", "Hero", "component_type", "Badge", "property_name", "Text", "property_value", "!");
        await stage.TextAsync("inspector_property_set_string", "path", "Hero", "component_type", "Badge[2]", "property_name", "Text", "property_value", "!");

        Assert.Contains("has 2 components 'Badge'. Write one of: Mimir.Embed.Tests.Scene.PropertyTests+Badge[1], ", message, StringComparison.Ordinal);
        Assert.Equal(("", "!"), (one.Text, two.Text));
    }

    [Fact]
    public async Task Inspect_EndlessValues_TellsSomeAndHowMuchIsLeft()
    {
        await using var stage = await Stage.OpenAsync();
        stage.Scene.Add("Hero").With(new Mover { Title = new string('x', 5000), Marks = new int[1000], Speed = float.NaN });

        var told = (await stage.JsonAsync("inspector_property_inspect", "path", "Hero", "component_type", "Mover")).GetProperty("properties").EnumerateArray().ToDictionary(static p => p.GetProperty("name").GetString()!, StringComparer.Ordinal);

        Assert.Equal((4096, 904), (told["Title"].GetProperty("value").GetString()!.Length, told["Title"].GetProperty("charactersLeft").GetInt32()));
        Assert.Equal((100, 900), (told["Marks"].GetProperty("value").GetArrayLength(), told["Marks"].GetProperty("itemsLeft").GetInt32()));
        Assert.Equal(System.Text.Json.JsonValueKind.Null, told["Speed"].GetProperty("value").ValueKind);
    }

    private static Task<string> SetAsync(Stage stage, string tool, string property, params object?[] values) =>
        stage.TextAsync($"inspector_property_set_{tool}", ["path", "Hero", "component_type", "Mover", "property_name", property, .. values]);

    private sealed class Badge
    {
        [Exposed]
        public string Text = "";
    }

    private sealed class Mover
    {
        public static readonly string[] Order =
        [
            "Title", "IsFlying", "Speed", "Weight", "Lives", "Level", "Luck", "Mood", "Key", "Aim", "Goal", "Tint", "Marks", "Path", "Tags", "Broken", "Total", "Fixed", "Made", "Guarded", "_hidden",
        ];

        [Exposed]
        public readonly int Fixed = 9;

        [Exposed]
        private int _hidden = 5;

        private float _speed = 1.5f;

        public enum Moods
        {
            Calm,
            Angry,
        }

        [Exposed]
        public string Title { get; set; } = "Knight";

        [Exposed]
        public bool IsFlying { get; set; }

        [Exposed]
        public float Speed
        {
            get => _speed;
            set => _speed = value < 0 ? throw new ArgumentException("Speed is below nothing.") : value;
        }

        [Exposed]
        public double Weight { get; set; } = 80.5;

        [Exposed]
        public int Lives { get; set; } = 3;

        [Exposed]
        public byte Level { get; set; } = 7;

        [Exposed]
        public int? Luck { get; set; }

        [Exposed]
        public Moods Mood { get; set; }

        [Exposed]
        public char Key { get; set; } = 'k';

        [Exposed]
        public Vec2 Aim { get; set; } = new(1, 2);

        [Exposed]
        public Vec3 Goal { get; set; } = new(1, 2, 3);

        [Exposed]
        public Rgba Tint { get; set; } = new(1, 0.5f, 0);

        [Exposed]
        public int[] Marks { get; set; } = [1, 2, 3];

        [Exposed]
        public List<Vec2> Path { get; } = [new(0, 1)];

        [Exposed]
        public IReadOnlyList<string> Tags { get; } = ["a", "b"];

        [Exposed]
        public float Broken => throw new InvalidOperationException("no wind");

        [Exposed]
        public int Total => _hidden - 1;

        [Exposed]
        public int Made { get; init; } = 8;

        [Exposed(IsReadOnly = true)]
        public int Guarded { get; set; } = 6;
    }
}
