using Mimir.Embed.Scene;
using Mimir.Embed.Scene.InMemory;
using Mimir.Embed.Scene.Values;

namespace Mimir.Embed.Tests.Scene;

/// <summary>How nodes look: told and set.</summary>
public sealed class MaterialTests
{
    [Fact]
    public async Task Inspect_EachKind_IsTold()
    {
        await using var stage = await OpenAsync();

        Assert.Equal(
            """
            Material: Skin
            Shader: Toon/Lit
            Properties:
            - _Color (Color): RGBA(1, 0.5, 0, 1)
            - _Power (Float): 1.5
            - _Gloss (Range 0 to 0.9): 0.25
            - _Offset (Vector): (1, 2)
            - _MainTex (Texture): skin.png
            - _BumpMap (Texture): none
            - _Lit (Boolean): true
            """.ReplaceLineEndings("\n"),
            await stage.TextAsync("mesh_material_inspect", "path", "Hero"));
    }

    [Fact]
    public async Task Set_EachKind_SetsItAndSaysSo()
    {
        await using var stage = await OpenAsync();
        var material = stage.Scene.Roots[0].Material!;

        Assert.Equal("Updated '_Color' on 'Hero' to RGBA(0, 0, 1, 0.5).", await stage.TextAsync("mesh_material_set_color", "path", "Hero", "property_name", "_Color", "color_r", 0, "color_g", 0, "color_b", 1, "color_a", 0.5));
        Assert.Equal("Updated '_Power' on 'Hero' to -2.5.", await stage.TextAsync("mesh_material_set_float", "path", "Hero", "property_name", "_Power", "property_value", -2.5));
        Assert.Equal("Updated '_Gloss' on 'Hero' to 0.9.", await stage.TextAsync("mesh_material_set_float", "path", "Hero", "property_name", "_Gloss", "property_value", 0.9));
        Assert.Equal((new Rgba(0, 0, 1, 0.5f), -2.5f, 0.9f), ((Rgba)material["_Color"]!, (float)material["_Power"]!, (float)material["_Gloss"]!));
    }

    [Theory]
    [InlineData(true, true)]
    [InlineData("true", true)]
    [InlineData("True", true)]
    [InlineData(false, false)]
    [InlineData("false", false)]
    public async Task SetBoolean_ValuesAndWords_SwitchAndSetOneOrNothing(object value, bool expected)
    {
        await using var stage = await OpenAsync();
        var material = stage.Scene.Roots[0].Material!;

        Assert.Equal($"Updated '_Lit' on 'Hero' to {(expected ? "true" : "false")}.", await stage.TextAsync("mesh_material_set_boolean", "path", "Hero", "property_name", "_Lit", "property_value", value));
        await stage.TextAsync("mesh_material_set_boolean", "path", "Hero", "property_name", "_Power", "property_value", value);

        Assert.Equal((expected, expected ? 1f : 0f), ((bool)material["_Lit"]!, (float)material["_Power"]!));
    }

    [Theory]
    [InlineData("mesh_material_set_float", "_Gloss", 0.95, "takes 0 to 0.9")]
    [InlineData("mesh_material_set_float", "_Gloss", -0.1, "takes 0 to 0.9")]
    [InlineData("mesh_material_set_float", "_Color", 1, "is a Color and cannot be set as float")]
    [InlineData("mesh_material_set_float", "_Lit", 1, "is a Boolean and cannot be set as float")]
    [InlineData("mesh_material_set_float", "_MainTex", 1, "is a Texture")]
    [InlineData("mesh_material_set_float", "_Power", "NaN", "could not be converted to number")]
    [InlineData("mesh_material_set_float", "_power", 1, "has no property '_power'. It has: _Color, _Power")]
    [InlineData("mesh_material_set_boolean", "_Gloss", true, "takes 0 to 0.9")]
    [InlineData("mesh_material_set_boolean", "_Color", true, "is a Color")]
    [InlineData("mesh_material_set_boolean", "_Lit", "on", "could not be converted to boolean")]
    public async Task Set_WhatDoesNotFit_IsRefusedAndChangesNothing(string tool, string property, object value, string words)
    {
        await using var stage = await OpenAsync();
        var before = await stage.TextAsync("mesh_material_inspect", "path", "Hero");

        Assert.Contains(words, await stage.RefusedAsync(tool, "path", "Hero", "property_name", property, "property_value", value), StringComparison.Ordinal);

        Assert.Equal(before, await stage.TextAsync("mesh_material_inspect", "path", "Hero"));
    }

    [Fact]
    public async Task SetColor_AnotherKindOrBeyondTheBounds_IsRefused()
    {
        await using var stage = await OpenAsync();

        Assert.Contains("is a Float and cannot be set as color", await stage.RefusedAsync("mesh_material_set_color", "path", "Hero", "property_name", "_Power", "color_r", 0, "color_g", 0, "color_b", 1), StringComparison.Ordinal);
        Assert.Contains("color_b", await stage.RefusedAsync("mesh_material_set_color", "path", "Hero", "property_name", "_Color", "color_r", 0, "color_g", 0, "color_b", 256), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Inspect_NodeWithoutAMaterial_IsRefused()
    {
        await using var stage = await OpenAsync();
        stage.Scene.Add("Wind");

        Assert.Contains("'Wind' has no material", await stage.RefusedAsync("mesh_material_inspect", "path", "Wind"), StringComparison.Ordinal);
    }

    private static async Task<Stage> OpenAsync()
    {
        var stage = await Stage.OpenAsync();
        stage.Scene.Add("Hero").Material = new InMemoryMaterial("Skin", "Toon/Lit")
            .With("_Color", new Rgba(1, 0.5f, 0))
            .With("_Power", 1.5f)
            .With(new MaterialProperty("_Gloss", MaterialPropertyKind.Range, 0.25f, 0, 0.9f))
            .With(new MaterialProperty("_Offset", MaterialPropertyKind.Vector, new Vec2(1, 2)))
            .With(new MaterialProperty("_MainTex", MaterialPropertyKind.Texture, "skin.png"))
            .With(new MaterialProperty("_BumpMap", MaterialPropertyKind.Texture, null))
            .With("_Lit", true);
        return stage;
    }
}
